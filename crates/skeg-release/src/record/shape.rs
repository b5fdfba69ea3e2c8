//! What a record may look like: the types of Go's structs, and a check of a JSON text against them.
//!
//! Helm 4.3.1, `pkg/release/v1` and `pkg/chart/v2`. Names match whatever their ASCII case, `null` fits everything,
//! unknown names are passed over.

use super::error::DecodeReleaseError;
use super::json::{Json, Kind};
use super::time::RecordTime;

/// A type of Go.
pub(super) enum Shape {
    Text,
    /// A text with a type of its own, such as `v1.HookEvent`.
    Named(&'static str),
    Bool,
    Int,
    Bytes,
    Time,
    /// `any`
    Any,
    /// `map[string]any`
    AnyMap,
    /// `map[string]string`
    TextMap,
    /// A list, its type, and what it has.
    List(&'static str, &'static Shape),
    Struct(&'static Struct),
    /// `map[string][]runtime.Object`, of which nothing can be read that has an element.
    Objects,
}

/// A struct of Go.
pub(super) struct Struct {
    name: &'static str,
    fields: &'static [(&'static str, Shape)],
    /// Whether it is read twice, with an empty text for no time and any number with an integral value for an integer;
    /// and then by this name.
    relaxed: Option<&'static str>,
}

const fn plain(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Struct {
    Struct {
        name,
        fields,
        relaxed: None,
    }
}

const TEXTS: Shape = Shape::List("[]string", &Shape::Text);

pub(super) static RELEASE: Struct = plain(
    "v1.Release",
    &[
        ("name", Shape::Text),
        ("info", Shape::Struct(&INFO)),
        ("chart", Shape::Struct(&CHART)),
        ("config", Shape::AnyMap),
        ("manifest", Shape::Text),
        ("hooks", Shape::List("[]*v1.Hook", &Shape::Struct(&HOOK))),
        ("version", Shape::Int),
        ("namespace", Shape::Text),
        ("apply_method", Shape::Text),
    ],
);

/// What is read of a record for a list.
pub(super) static HEAD: Struct = plain(
    "v1.Release",
    &[
        ("name", Shape::Text),
        ("info", Shape::Struct(&INFO)),
        (
            "chart",
            Shape::Struct(&plain("v2.Chart", &[("metadata", Shape::Struct(&METADATA))])),
        ),
        ("version", Shape::Int),
        ("namespace", Shape::Text),
        ("apply_method", Shape::Text),
    ],
);

static INFO: Struct = Struct {
    name: "map[string]interface {}",
    relaxed: Some("infoJSON"),
    fields: &[
        ("first_deployed", Shape::Time),
        ("last_deployed", Shape::Time),
        ("deleted", Shape::Time),
        ("description", Shape::Text),
        ("status", Shape::Named("common.Status")),
        ("rollback_revision", Shape::Int),
        ("notes", Shape::Text),
        ("resources", Shape::Objects),
    ],
};

static HOOK: Struct = plain(
    "v1.Hook",
    &[
        ("name", Shape::Text),
        ("kind", Shape::Text),
        ("path", Shape::Text),
        ("manifest", Shape::Text),
        (
            "events",
            Shape::List("[]v1.HookEvent", &Shape::Named("v1.HookEvent")),
        ),
        ("last_run", Shape::Struct(&EXECUTION)),
        ("weight", Shape::Int),
        (
            "delete_policies",
            Shape::List("[]v1.HookDeletePolicy", &Shape::Named("v1.HookDeletePolicy")),
        ),
        (
            "output_log_policies",
            Shape::List(
                "[]v1.HookOutputLogPolicy",
                &Shape::Named("v1.HookOutputLogPolicy"),
            ),
        ),
    ],
);

static EXECUTION: Struct = Struct {
    name: "map[string]interface {}",
    relaxed: Some("hookExecutionJSON"),
    fields: &[
        ("started_at", Shape::Time),
        ("completed_at", Shape::Time),
        ("phase", Shape::Named("v1.HookPhase")),
    ],
};

static CHART: Struct = plain(
    "v2.Chart",
    &[
        ("metadata", Shape::Struct(&METADATA)),
        ("lock", Shape::Struct(&LOCK)),
        ("templates", FILES),
        ("values", Shape::AnyMap),
        ("schema", Shape::Bytes),
        ("schemamodtime", Shape::Time),
        ("files", FILES),
        ("modtime", Shape::Time),
    ],
);

const FILES: Shape = Shape::List("[]*common.File", &Shape::Struct(&FILE));

static FILE: Struct = plain(
    "common.File",
    &[
        ("name", Shape::Text),
        ("data", Shape::Bytes),
        ("modtime", Shape::Time),
    ],
);

static LOCK: Struct = plain(
    "v2.Lock",
    &[
        ("generated", Shape::Time),
        ("digest", Shape::Text),
        ("dependencies", DEPENDENCIES),
    ],
);

const DEPENDENCIES: Shape = Shape::List("[]*v2.Dependency", &Shape::Struct(&DEPENDENCY));

static METADATA: Struct = plain(
    "v2.Metadata",
    &[
        ("name", Shape::Text),
        ("home", Shape::Text),
        ("sources", TEXTS),
        ("version", Shape::Text),
        ("description", Shape::Text),
        ("keywords", TEXTS),
        (
            "maintainers",
            Shape::List("[]*v2.Maintainer", &Shape::Struct(&MAINTAINER)),
        ),
        ("icon", Shape::Text),
        ("apiVersion", Shape::Text),
        ("condition", Shape::Text),
        ("tags", Shape::Text),
        ("appVersion", Shape::Text),
        ("deprecated", Shape::Bool),
        ("annotations", Shape::TextMap),
        ("kubeVersion", Shape::Text),
        ("dependencies", DEPENDENCIES),
        ("type", Shape::Text),
    ],
);

static MAINTAINER: Struct = plain(
    "v2.Maintainer",
    &[
        ("name", Shape::Text),
        ("email", Shape::Text),
        ("url", Shape::Text),
    ],
);

static DEPENDENCY: Struct = plain(
    "v2.Dependency",
    &[
        ("name", Shape::Text),
        ("version", Shape::Text),
        ("repository", Shape::Text),
        ("condition", Shape::Text),
        ("tags", TEXTS),
        ("enabled", Shape::Bool),
        ("import-values", Shape::List("[]interface {}", &Shape::Any)),
        ("alias", Shape::Text),
    ],
);

/// Checks that a text is a struct.
pub(super) fn check(json: Json<'_>, expected: &'static Struct) -> Result<(), DecodeReleaseError> {
    Place::root("").check_struct(json, expected)
}

/// Whether `name` is what Go takes `key` for.
pub(super) fn is_named(key: &str, name: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

/// A place within the text.
struct Place<'above> {
    above: Option<&'above Place<'above>>,
    step: &'above str,
    is_element: bool,
    /// Whether the struct around it is read in the relaxed way.
    is_relaxed: bool,
}

impl<'above> Place<'above> {
    fn root(step: &'above str) -> Self {
        Self {
            above: None,
            step,
            is_element: false,
            is_relaxed: false,
        }
    }

    fn field(&'above self, step: &'above str) -> Self {
        Self {
            above: Some(self),
            step,
            is_element: false,
            is_relaxed: self.is_relaxed,
        }
    }

    fn element(&'above self, step: &'above str) -> Self {
        Self {
            is_element: true,
            ..self.field(step)
        }
    }

    fn path(&self) -> String {
        match self.above {
            None => self.step.to_owned(),
            Some(above) => format!("{}.{}", above.path(), self.step),
        }
    }

    fn mismatch(&self, json: Json<'_>, expected: &str) -> DecodeReleaseError {
        let number = match json.kind() {
            Kind::Number if expected == "int" => format!(" {}", json.text()),
            _ => String::new(),
        };
        DecodeReleaseError::WrongKind {
            kind: json.kind().name().to_owned() + &number,
            place: match (self.above, self.is_element) {
                (None, _) => "Go value".to_owned(),
                (Some(_), true) => self.path(),
                (Some(_), false) => format!("Go struct field {}", self.path()),
            },
            expected: expected.to_owned(),
        }
    }

    fn check(&self, json: Json<'_>, expected: &'static Shape) -> Result<(), DecodeReleaseError> {
        let kind = json.kind();
        if kind == Kind::Null {
            return Ok(());
        }
        let fits = |fits: bool, name: &str| fits.then_some(()).ok_or_else(|| self.mismatch(json, name));
        match expected {
            Shape::Text => fits(kind == Kind::String, "string"),
            Shape::Named(name) => fits(kind == Kind::String, name),
            Shape::Bool => fits(kind == Kind::Bool, "bool"),
            Shape::Int => fits(self.is_int(json), "int"),
            Shape::Bytes => self.check_bytes(json),
            Shape::Time => self.check_time(json),
            Shape::Any => Ok(()),
            Shape::AnyMap => fits(kind == Kind::Object, "map[string]interface {}"),
            Shape::TextMap => {
                fits(kind == Kind::Object, "map[string]string")?;
                json.fields()
                    .try_for_each(|(key, value)| self.field(&key).check(value, &Shape::Text))
            }
            Shape::List(name, element) => {
                fits(kind == Kind::Array, name)?;
                let mut items = json.items().enumerate();
                items.try_for_each(|(index, item)| self.element(&index.to_string()).check(item, element))
            }
            Shape::Struct(expected) => self.check_struct(json, expected),
            Shape::Objects => self.check_objects(json),
        }
    }

    fn check_struct(&self, json: Json<'_>, expected: &'static Struct) -> Result<(), DecodeReleaseError> {
        if let Some(name) = expected.relaxed {
            let place = Place {
                is_relaxed: true,
                ..Place::root(name)
            };
            return match json.kind() {
                Kind::Null => Ok(()),
                Kind::Object => place.check_fields(json, expected),
                _ => Err(Place::root("").mismatch(json, expected.name)),
            };
        }
        match json.kind() {
            Kind::Object => self.check_fields(json, expected),
            Kind::Null => Ok(()),
            _ => Err(self.mismatch(json, expected.name)),
        }
    }

    fn check_fields(&self, json: Json<'_>, expected: &'static Struct) -> Result<(), DecodeReleaseError> {
        for (key, value) in json.fields() {
            let Some((name, shape)) = expected.fields.iter().find(|(name, _)| is_named(&key, name)) else {
                continue;
            };
            let is_no_time = self.is_relaxed && matches!(shape, Shape::Time) && value.text() == "\"\"";
            if !(is_no_time && key == *name) {
                self.field(name).check(value, shape)?;
            }
        }
        Ok(())
    }

    fn is_int(&self, json: Json<'_>) -> bool {
        json.int().is_some() || (self.is_relaxed && relaxed_int(json).is_some())
    }

    fn check_bytes(&self, json: Json<'_>) -> Result<(), DecodeReleaseError> {
        const NAME: &str = "[]uint8";
        let Some(text) = json.string() else {
            return Err(self.mismatch(json, NAME));
        };
        match base64_error(text.as_bytes()) {
            None => Ok(()),
            Some(at) => Err(self.mismatch(json, &format!("{NAME}: illegal base64 data at input byte {at}"))),
        }
    }

    fn check_time(&self, json: Json<'_>) -> Result<(), DecodeReleaseError> {
        let text = json.raw_string();
        let text = text.ok_or_else(|| self.mismatch(json, "time.Time"))?;
        RecordTime::parse(text)?;
        Ok(())
    }

    /// Nothing can be read as an interface, so that there may be no element but `null`.
    fn check_objects(&self, json: Json<'_>) -> Result<(), DecodeReleaseError> {
        if json.kind() != Kind::Object {
            return Err(self.mismatch(json, "map[string][]runtime.Object"));
        }
        for (key, list) in json.fields() {
            let place = self.field(&key);
            if !matches!(list.kind(), Kind::Array | Kind::Null) {
                return Err(place.mismatch(list, "[]runtime.Object"));
            }
            if let Some((index, item)) = list.items().enumerate().find(|(_, item)| !item.is_null()) {
                return Err(place.element(&index.to_string()).mismatch(item, "runtime.Object"));
            }
        }
        Ok(())
    }
}

/// An integer that was a float64 for a while.
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers with a fraction or beyond the range are taken out before"
)]
pub(super) fn relaxed_int(json: Json<'_>) -> Option<i64> {
    let number: f64 = json.text().parse().ok()?;
    let is_whole = number.fract() == 0.0 && number.abs() < 9.2e18;
    is_whole.then_some(number as i64)
}

/// The first byte that is wrong, without decoding what is right.
fn base64_error(text: &[u8]) -> Option<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let padding = text
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count();
    let digits = text.len() - padding;
    if text.len().is_multiple_of(4) && text[..digits].iter().all(is_digit) {
        return None;
    }
    skeg_go::base64::decode(text).err()
}
