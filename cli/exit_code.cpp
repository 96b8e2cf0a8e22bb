#include "exit_code.hpp"

#include <exception>
#include <new>

#include <kith/error.hpp>

namespace kith::cli {

Failure describe_current_exception() {
    try {
        throw;
    } catch (const CommandFailed& failed) {
        return {failed.code(), failed.what()};
    } catch (const Cancelled&) {
        return {kInterrupted, "interrupted; nothing was left half-written"};
    } catch (const CorruptFile& error) {
        return {kCorruptFile, error.what()};
    } catch (const InvalidArgument& error) {
        return {kUsage, error.what()};
    } catch (const std::bad_alloc&) {
        return {kFailure, "out of memory"};
    } catch (const std::exception& error) {
        return {kFailure, error.what()};
    } catch (...) {
        return {kFailure, "an unknown error"};
    }
}

std::string exit_code_help() {
    return "Exit codes: 0 done; 1 failure (files, memory, unsupported); 2 wrong usage or argument;\n"
           "            3 corrupt file; 130 interrupted.";
}

}  // namespace kith::cli
