// A user's program: sees only what was installed. Exits with 0 when the library answers.
#include <cstdio>
#include <string>

#include <kith/error.hpp>
#include <kith/types.hpp>
#include <kith/version.hpp>

int main() {
    if (kith::parse_metric("cosine") != kith::Metric::kAngular) return 1;
    try {
        (void)kith::parse_metric("no such metric");
        return 1;
    } catch (const kith::InvalidArgument& error) {
        if (std::string(error.what()).find("no such metric") == std::string::npos) return 1;
    }
    std::printf("%s\n", kith::kVersion);
    return 0;
}
