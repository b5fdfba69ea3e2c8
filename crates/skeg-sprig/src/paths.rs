//! Paths with slashes, and with the system's separators, which are slashes as well.

use skeg_go::{GoCall, GoFunction, GoValue, Parameter, path};

use crate::arguments::bytes;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    of_path("base", BASE),
    of_path("clean", CLEAN),
    of_path("dir", DIR),
    of_path("ext", EXT),
    of_path("isAbs", IS_ABS),
    of_path("osBase", BASE),
    of_path("osClean", CLEAN),
    of_path("osDir", DIR),
    of_path("osExt", EXT),
    of_path("osIsAbs", IS_ABS),
];

const BASE: GoCall = |arguments| Ok(GoValue::string(path::base(bytes(arguments, 0))));
const CLEAN: GoCall = |arguments| Ok(path::clean(bytes(arguments, 0)).into());
const DIR: GoCall = |arguments| Ok(path::dir(bytes(arguments, 0)).into());
const EXT: GoCall = |arguments| Ok(GoValue::string(path::ext(bytes(arguments, 0))));
const IS_ABS: GoCall = |arguments| Ok(bytes(arguments, 0).starts_with(b"/").into());

const fn of_path(name: &'static str, call: GoCall) -> GoFunction {
    GoFunction::fixed(name, &[Parameter::String], call)
}
