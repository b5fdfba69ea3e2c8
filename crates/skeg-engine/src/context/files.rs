//! `.Files`: the files of a chart that are neither templates nor read by Helm itself.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all methods are of one type, and some can fail"
)]

use skeg_chart::ChartFile;
use skeg_go::glob::Glob;
use skeg_go::{
    CallError, GoList, GoMap, GoString, GoType, GoValue, Method, NamedType, Parameter, UintType, base64,
};

static FILES: NamedType = NamedType {
    name: "engine.files",
    methods: &[
        method("AsConfig", &[], as_config),
        method("AsSecrets", &[], as_secrets),
        method("Get", &[Parameter::String], get),
        method("GetBytes", &[Parameter::String], get_bytes),
        method("Glob", &[Parameter::String], glob),
        method("Lines", &[Parameter::String], lines),
    ],
};

type Call = fn(&GoValue, &[GoValue]) -> Result<GoValue, CallError>;

const fn method(name: &'static str, parameters: &'static [Parameter], call: Call) -> Method {
    Method {
        name,
        parameters,
        variadic: None,
        call,
    }
}

/// The object that templates get.
pub(super) fn files(files: &[ChartFile]) -> GoMap {
    let map = empty();
    for file in files {
        map.insert(file.path(), GoList::shared_bytes(file.shared_data()));
    }
    map
}

fn empty() -> GoMap {
    let bytes = GoType::Slice(Box::new(GoType::Uint(UintType::Uint8)));
    GoMap::named(&FILES, bytes)
}

fn content(receiver: &GoValue, arguments: &[GoValue]) -> GoString {
    let name = arguments.first().and_then(GoValue::as_string);
    let file = name.and_then(|name| receiver.as_map()?.get(name));
    bytes(file.as_ref())
}

fn bytes(file: Option<&GoValue>) -> GoString {
    let list = file.and_then(GoValue::as_list);
    list.and_then(GoList::to_bytes).unwrap_or_default()
}

fn get(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(content(receiver, arguments).into())
}

fn get_bytes(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoList::bytes(content(receiver, arguments)).into())
}

fn lines(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let content = content(receiver, arguments);
    if content.is_empty() {
        return Ok(GoValue::strings(Vec::<GoString>::new()));
    }
    let text = content.strip_suffix(b"\n").unwrap_or(&content);
    Ok(GoValue::strings(text.split(|&byte| byte == b'\n')))
}

fn glob(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let pattern = arguments.first().and_then(GoValue::as_string);
    let glob = pattern.and_then(|pattern| Glob::compile(pattern).ok());
    let matching = empty();
    for (name, content) in receiver.as_map().map(GoMap::snapshot).unwrap_or_default() {
        // Helm takes a malformed pattern for one that matches everything.
        let is_match = glob.as_ref().is_none_or(|glob| glob.is_match(&name));
        if is_match {
            matching.insert(name, content);
        }
    }
    Ok(matching.into())
}

fn as_config(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(by_base_name(receiver, GoValue::String))
}

fn as_secrets(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(by_base_name(receiver, |content| base64::encode(&content).into()))
}

/// A YAML map with the last segments of the paths for keys; of equal ones the last in order wins.
fn by_base_name(receiver: &GoValue, encode: impl Fn(GoString) -> GoValue) -> GoValue {
    let map = GoMap::typed(GoType::String);
    for (path, content) in receiver.as_map().map(GoMap::snapshot).unwrap_or_default() {
        let base = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        map.insert(base, encode(bytes(Some(&content))));
    }
    let yaml = skeg_values::yaml::encode_go(&map.into()).unwrap_or_default();
    yaml.strip_suffix(b"\n").unwrap_or(&yaml).to_vec().into()
}
