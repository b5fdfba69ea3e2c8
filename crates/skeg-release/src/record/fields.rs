//! The fields of an object that is known to have the right shape.

use std::collections::BTreeMap;

use super::json::{Json, Kind};
use super::shape::{is_named, relaxed_int};
use super::status::{ApplyMethod, Status};
use super::time::RecordTime;

/// The values of the named fields, the last of each, and what else there is.
pub(super) fn split<'text, const N: usize>(
    object: Json<'text>,
    names: [&str; N],
) -> ([Field<'text>; N], Vec<(String, String)>) {
    let mut found = [Field(None); N];
    let mut foreign: Vec<(String, String)> = Vec::new();
    for (key, value) in object.fields() {
        match names.iter().position(|name| is_named(&key, name)) {
            Some(index) => found[index] = Field(Some(value)),
            None => foreign.push((key.into_owned(), value.text().to_owned())),
        }
    }
    (found, foreign)
}

/// The value of a field that may be absent, which is the same as `null`.
#[derive(Clone, Copy)]
pub(super) struct Field<'text>(Option<Json<'text>>);

impl<'text> Field<'text> {
    /// The value, unless it is `null`.
    pub(super) fn value(self) -> Option<Json<'text>> {
        self.0.filter(|json| !json.is_null())
    }

    pub(super) fn text(self) -> String {
        let text = self.0.and_then(Json::string);
        text.map(std::borrow::Cow::into_owned).unwrap_or_default()
    }

    pub(super) fn int(self) -> i64 {
        let number = self.0.filter(|json| json.kind() == Kind::Number);
        let int = number.and_then(|json| json.int().or_else(|| relaxed_int(json)));
        int.unwrap_or_default()
    }

    /// The time, unless it is Go's zero time.
    pub(super) fn time(self) -> Option<RecordTime> {
        let text = self.0.and_then(Json::raw_string)?;
        RecordTime::parse(text).ok().filter(|time| !time.is_zero())
    }

    pub(super) fn texts(self) -> Vec<String> {
        let items = self.items();
        items.map(|item| Field(Some(item)).text()).collect()
    }

    pub(super) fn text_map(self) -> BTreeMap<String, String> {
        let fields = self.0.into_iter().flat_map(Json::fields);
        fields
            .map(|(key, value)| (key.into_owned(), Field(Some(value)).text()))
            .collect()
    }

    /// The elements of a list.
    pub(super) fn items(self) -> impl Iterator<Item = Json<'text>> {
        self.0.into_iter().flat_map(Json::items)
    }

    pub(super) fn status(self) -> Status {
        Status::from(&*self.text())
    }

    pub(super) fn apply_method(self) -> ApplyMethod {
        ApplyMethod::from(&*self.text())
    }
}
