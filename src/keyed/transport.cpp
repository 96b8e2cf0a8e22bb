#include "keyed/transport.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace kith::keyed {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

// Successive shortest paths (Edmonds and Karp 1972): goods go, as much at a time as one path takes, along the cheapest
// path from a source that has some left to a sink that wants some. A path may undo what was moved before. Potentials
// keep the costs of edges from becoming negative. Nodes: sources, then sinks.
class Transport {
public:
    Transport(std::span<const std::uint64_t> supply, std::span<const std::uint64_t> demand,
              MatrixView<const double> cost)
        : cost_(cost),
          sources_(supply.size()),
          nodes_(supply.size() + demand.size()),
          left_(supply.begin(), supply.end()),
          moved_(supply.size() * demand.size()),
          potential_(nodes_) {
        left_.insert(left_.end(), demand.begin(), demand.end());
    }

    double run() {
        for (std::size_t sink = cheapest_paths(); sink != kNobody; sink = cheapest_paths()) move_to(sink);
        double total = 0;
        for (std::size_t i = 0; i < sources_; ++i) {
            for (std::size_t j = 0; j + sources_ < nodes_; ++j) {
                total += static_cast<double>(moved(i, j)) * cost_.row(i)[j];
            }
        }
        return total;
    }

private:
    std::uint64_t& moved(std::size_t source, std::size_t sink) {
        return moved_[source * (nodes_ - sources_) + sink];
    }

    // Dijkstra over all nodes; returns the nearest sink that wants something, or kNobody.
    std::size_t cheapest_paths() {
        distance_.assign(nodes_, kFar);
        before_.assign(nodes_, kNobody);
        done_.assign(nodes_, false);
        for (std::size_t i = 0; i < sources_; ++i) {
            if (left_[i] > 0) distance_[i] = 0;
        }
        std::size_t found = kNobody;
        while (true) {
            std::size_t nearest = kNobody;
            for (std::size_t node = 0; node < nodes_; ++node) {
                if (done_[node] || distance_[node] == kFar) continue;
                if (nearest == kNobody || distance_[node] < distance_[nearest]) nearest = node;
            }
            if (nearest == kNobody) return kNobody;
            done_[nearest] = true;
            if (nearest >= sources_ && left_[nearest] > 0) {
                found = nearest;
                break;
            }
            nearest < sources_ ? reach_sinks(nearest) : reach_sources(nearest);
        }
        for (std::size_t node = 0; node < nodes_; ++node) {
            potential_[node] += std::min(distance_[node], distance_[found]);
        }
        return found;
    }

    void reach_sinks(std::size_t source) {
        for (std::size_t sink = sources_; sink < nodes_; ++sink) {
            reach(source, sink, cost_.row(source)[sink - sources_]);
        }
    }

    void reach_sources(std::size_t sink) {
        for (std::size_t source = 0; source < sources_; ++source) {
            if (moved(source, sink - sources_) > 0) reach(sink, source, -cost_.row(source)[sink - sources_]);
        }
    }

    void reach(std::size_t from, std::size_t to, double cost) {
        const double reduced = std::max(0.0, cost + potential_[from] - potential_[to]);
        if (done_[to] || distance_[from] + reduced >= distance_[to]) return;
        distance_[to] = distance_[from] + reduced;
        before_[to] = from;
    }

    void move_to(std::size_t sink) {
        std::uint64_t amount = left_[sink];
        std::size_t node = sink;
        for (; before_[node] != kNobody; node = before_[node]) {
            if (node < sources_) amount = std::min(amount, moved(node, before_[node] - sources_));
        }
        amount = std::min(amount, left_[node]);
        left_[node] -= amount;
        left_[sink] -= amount;
        for (node = sink; before_[node] != kNobody; node = before_[node]) {
            if (node < sources_) {
                moved(node, before_[node] - sources_) -= amount;
            } else {
                moved(before_[node], node - sources_) += amount;
            }
        }
    }

    MatrixView<const double> cost_;
    std::size_t sources_;
    std::size_t nodes_;
    std::vector<std::uint64_t> left_;  // to be taken from a source, to be brought to a sink
    std::vector<std::uint64_t> moved_;
    std::vector<double> potential_;
    std::vector<double> distance_;
    std::vector<std::size_t> before_;
    std::vector<bool> done_;
};

}  // namespace

double transport_cost(std::span<const std::uint64_t> supply, std::span<const std::uint64_t> demand,
                      MatrixView<const double> cost) {
    return Transport(supply, demand, cost).run();
}

}  // namespace kith::keyed
