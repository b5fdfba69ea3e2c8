//! Semantic versions.

use std::any::Any;

use skeg_go::semver::{ParseVersionError, Version, VersionConstraint};
use skeg_go::{CallError, GoFunction, GoObject, GoValue, Kind, Method, Parameter, UintType};

use crate::arguments::bytes;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("semver", &[Parameter::String], |arguments| {
        Ok(GoValue::object(VersionObject(parse(bytes(arguments, 0))?)))
    }),
    GoFunction::fixed("semverCompare", &[Parameter::String, Parameter::String], compare),
];

fn parse(text: &[u8]) -> Result<Version, CallError> {
    Version::parse(&String::from_utf8_lossy(text)).map_err(failure)
}

fn failure(error: impl std::error::Error) -> CallError {
    CallError::new(error.to_string())
}

fn compare(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let constraint = String::from_utf8_lossy(bytes(arguments, 0));
    let constraint = VersionConstraint::parse(&constraint).map_err(failure)?;
    let version = parse(bytes(arguments, 1))?;
    Ok(constraint.check(&version).into())
}

/// `*semver.Version`
#[derive(Debug)]
struct VersionObject(Version);

/// `semver.Version`, which is what its methods return; those of the pointer are out of its reach.
#[derive(Debug)]
struct VersionStruct(Version);

const POINTER: &str = "*semver.Version";
const STRUCT: &str = "semver.Version";
const OTHER: &[Parameter] = &[Parameter::Object { type_name: POINTER }];

/// The methods of the struct come first.
static METHODS: [Method; 18] = [
    method("IncMajor", &[], |own, _| {
        let version = version(own)?;
        let major = version.major().checked_add(1).ok_or_else(|| overflow("major"))?;
        changed(version, &format!("{major}.0.0"))
    }),
    method("IncMinor", &[], |own, _| {
        let version = version(own)?;
        let minor = version.minor().checked_add(1).ok_or_else(|| overflow("minor"))?;
        changed(version, &format!("{}.{minor}.0", version.major()))
    }),
    method("IncPatch", &[], increment_patch),
    method("Major", &[], |own, _| Ok(number(version(own)?.major()))),
    method("Metadata", &[], |own, _| Ok(version(own)?.metadata().into())),
    method("Minor", &[], |own, _| Ok(number(version(own)?.minor()))),
    method("Patch", &[], |own, _| Ok(number(version(own)?.patch()))),
    method("Prerelease", &[], |own, _| Ok(version(own)?.prerelease().into())),
    method("SetMetadata", &[Parameter::String], set_metadata),
    method("SetPrerelease", &[Parameter::String], set_prerelease),
    method("String", &[], |own, _| Ok(version(own)?.to_string().into())),
    method("Compare", OTHER, |own, arguments| {
        Ok(GoValue::int(version(own)?.cmp(other(arguments)?) as i64))
    }),
    method("Equal", OTHER, |own, arguments| {
        Ok((version(own)? == other(arguments)?).into())
    }),
    method("GreaterThan", OTHER, |own, arguments| {
        Ok((version(own)? > other(arguments)?).into())
    }),
    method("GreaterThanEqual", OTHER, |own, arguments| {
        Ok((version(own)? >= other(arguments)?).into())
    }),
    method("LessThan", OTHER, |own, arguments| {
        Ok((version(own)? < other(arguments)?).into())
    }),
    method("LessThanEqual", OTHER, |own, arguments| {
        Ok((version(own)? <= other(arguments)?).into())
    }),
    method("Original", &[], |own, _| Ok(version(own)?.original().into())),
];
const STRUCT_METHODS: usize = 11;

type MethodCall = fn(&GoValue, &[GoValue]) -> Result<GoValue, CallError>;

const fn method(name: &'static str, parameters: &'static [Parameter], call: MethodCall) -> Method {
    Method {
        name,
        parameters,
        variadic: None,
        call,
    }
}

fn number(number: u64) -> GoValue {
    GoValue::Uint(UintType::Uint64, number)
}

fn overflow(which: &str) -> CallError {
    CallError::new(format!("{which} version increment would overflow uint64"))
}

fn version(value: &GoValue) -> Result<&Version, CallError> {
    let pointer = value.as_object::<VersionObject>().map(|object| &object.0);
    let version = pointer.or_else(|| value.as_object::<VersionStruct>().map(|object| &object.0));
    version.ok_or_else(|| CallError::new("runtime error: invalid memory address or nil pointer dereference"))
}

fn other(arguments: &[GoValue]) -> Result<&Version, CallError> {
    version(arguments.first().unwrap_or(&GoValue::Nil))
}

fn increment_patch(own: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    let version = version(own)?;
    let patch = match version.prerelease() {
        "" => version.patch().checked_add(1).ok_or_else(|| overflow("patch"))?,
        _ => version.patch(),
    };
    changed(
        version,
        &format!("{}.{}.{patch}", version.major(), version.minor()),
    )
}

fn set_prerelease(own: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let prerelease = String::from_utf8_lossy(bytes(arguments, 0));
    if prerelease.contains('+') {
        return Err(failure(ParseVersionError::InvalidPrerelease));
    }
    if !prerelease.is_empty() {
        Version::parse_strict(&format!("0.0.0-{prerelease}")).map_err(failure)?;
    }
    let version = version(own)?;
    with_suffixes(version, &prerelease, version.metadata())
}

fn set_metadata(own: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let metadata = String::from_utf8_lossy(bytes(arguments, 0));
    if !metadata.is_empty() {
        Version::parse_strict(&format!("0.0.0+{metadata}")).map_err(failure)?;
    }
    let version = version(own)?;
    with_suffixes(version, version.prerelease(), &metadata)
}

fn with_suffixes(version: &Version, prerelease: &str, metadata: &str) -> Result<GoValue, CallError> {
    let mut text = format!("{}.{}.{}", version.major(), version.minor(), version.patch());
    for (mark, suffix) in [('-', prerelease), ('+', metadata)] {
        if !suffix.is_empty() {
            text.push(mark);
            text.push_str(suffix);
        }
    }
    changed(version, &text)
}

/// The version `text`, with a `v` if the original had one.
fn changed(version: &Version, text: &str) -> Result<GoValue, CallError> {
    let prefix = if version.original().starts_with('v') {
        "v"
    } else {
        ""
    };
    let changed = parse(format!("{prefix}{text}").as_bytes())?;
    Ok(GoValue::object(VersionStruct(changed)))
}

/// What `deepCopy` makes of a version: it copies no fields that are hidden, and those of versions all are.
pub(crate) fn deep_copied(object: &dyn GoObject) -> Option<GoValue> {
    let zero = || parse(b"0.0.0").ok();
    if object.as_any().is::<VersionObject>() {
        return Some(GoValue::object(VersionObject(zero()?)));
    }
    let is_struct = object.as_any().is::<VersionStruct>();
    is_struct
        .then(zero)?
        .map(|zero| GoValue::object(VersionStruct(zero)))
}

fn same(version: &Version, other: Option<&Version>) -> bool {
    let parts = |version: &Version| (version.to_string(), version.original().to_owned());
    other.is_some_and(|other| parts(version) == parts(other))
}

const HIDDEN_FIELDS: [&str; 6] = ["major", "minor", "patch", "pre", "metadata", "original"];

impl GoObject for VersionObject {
    fn type_name(&self) -> &'static str {
        POINTER
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn hidden_fields(&self) -> &[&str] {
        &HIDDEN_FIELDS
    }

    fn methods(&self) -> &[Method] {
        &METHODS
    }

    fn to_text(&self) -> String {
        self.0.to_string()
    }

    fn to_json(&self) -> GoValue {
        self.0.to_string().into()
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        same(&self.0, other.map(|other| &other.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl GoObject for VersionStruct {
    fn type_name(&self) -> &'static str {
        STRUCT
    }

    fn hidden_fields(&self) -> &[&str] {
        &HIDDEN_FIELDS
    }

    fn methods(&self) -> &[Method] {
        &METHODS[..STRUCT_METHODS]
    }

    fn to_text(&self) -> String {
        self.0.to_string()
    }

    fn to_json(&self) -> GoValue {
        self.0.to_string().into()
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        same(&self.0, other.map(|other| &other.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
