#include "storage/file_format.hpp"

namespace kith::storage {

std::string_view name(SectionKind kind) noexcept {
    switch (in_part(kind, 0U - part_of(kind))) {
        case SectionKind::kVectors: return "vectors";
        case SectionKind::kKeys: return "keys";
        case SectionKind::kKeyOffsets: return "key offsets";
        case SectionKind::kMetadata: return "metadata";
        case SectionKind::kForestNodes: return "forest nodes";
        case SectionKind::kForestRoots: return "forest roots";
        case SectionKind::kGraph: return "graph";
        case SectionKind::kCodes: return "codes";
        case SectionKind::kNorms: return "norms";
        case SectionKind::kFrequencies: return "frequencies";
        case SectionKind::kKeyTable: return "key table";
        case SectionKind::kCodedForest: return "coded forest";
        case SectionKind::kCentroids: return "centroids";
        case SectionKind::kCodewords: return "codewords";
        case SectionKind::kLeaves: return "leaves";
        case SectionKind::kLeafRows: return "leaf rows";
        case SectionKind::kCentroidCodes: return "centroid codes";
        case SectionKind::kByteRows: return "byte rows";
        case SectionKind::kEntries: return "entries";
        case SectionKind::kLinks: return "links";
        case SectionKind::kPackedLinks: return "packed links";
        case SectionKind::kShortRows: return "short rows";
        case SectionKind::kProjection: return "projection";
        case SectionKind::kCentre: return "centre";
        case SectionKind::kNibbleRows: return "nibble rows";
        case SectionKind::kForestEffort: return "forest effort";
        case SectionKind::kSteps: return "steps";
        case SectionKind::kWord2Vec: return "word2vec";
        case SectionKind::kNegativeWeights: return "negative weights";
        case SectionKind::kTreeWeights: return "tree weights";
        case SectionKind::kDoc2Vec: return "doc2vec";
        case SectionKind::kTagVectors: return "tag vectors";
        case SectionKind::kTagNames: return "tag names";
        case SectionKind::kTagOffsets: return "tag offsets";
        case SectionKind::kTagCounts: return "tag counts";
        case SectionKind::kPadding: return "padding";
        case SectionKind::kFastText: return "fasttext";
        case SectionKind::kWordWeights: return "word weights";
        case SectionKind::kSubwordWeights: return "subword weights";
        case SectionKind::kDynamic: return "dynamic";
        case SectionKind::kItemIds: return "item ids";
        case SectionKind::kItemsLeft: return "items left";
    }
    return "unknown";
}

}  // namespace kith::storage
