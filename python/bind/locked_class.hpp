// Python classes whose objects change.
#pragma once

#include <utility>

#include "bind.hpp"

namespace kith::python {

// Binds as nb::class_ does, and has every method hold its object's critical section where Python runs without a GIL. Like
// the GIL it is let go of while a call works without Python, so what says "with the GIL held" of an object holds there
// too. It costs nothing where there is a GIL.
template <class T>
class LockedClass {
public:
    template <class... Extra>
    LockedClass(nb::handle scope, const char* name, const Extra&... extra) : type_(scope, name, extra...) {}

    template <class Function, class... Extra>
    LockedClass& def(const char* name, Function&& function, const Extra&... extra) {
        type_.def(name, std::forward<Function>(function), extra..., nb::lock_self());
        return *this;
    }

    template <class Getter, class... Extra>
    LockedClass& def_prop_ro(const char* name, Getter&& getter, const Extra&... extra) {
        type_.def_prop_ro(name, std::forward<Getter>(getter), extra..., nb::lock_self());
        return *this;
    }

    template <class Getter, class Setter, class... Extra>
    LockedClass& def_prop_rw(const char* name, Getter&& getter, Setter&& setter, const Extra&... extra) {
        type_.def_prop_rw(name, std::forward<Getter>(getter), std::forward<Setter>(setter), extra...,
                          nb::lock_self());
        return *this;
    }

    // Has no object to hold.
    template <class Function, class... Extra>
    LockedClass& def_static(const char* name, Function&& function, const Extra&... extra) {
        type_.def_static(name, std::forward<Function>(function), extra...);
        return *this;
    }

    [[nodiscard]] nb::handle type() const noexcept { return type_; }

private:
    nb::class_<T> type_;
};

}  // namespace kith::python
