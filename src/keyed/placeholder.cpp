#include <kith/types.hpp>
