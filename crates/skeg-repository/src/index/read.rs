//! Reading an `index.yaml` event by event: no tree is built of it.

use std::borrow::Cow;

use skeg_yaml::{EventKind, Parser, ScalarStyle, Text};

use super::ReadIndexError;
use super::raw::{RawDependency, RawEntry, RawHead, Sink};

/// Why reading stopped.
pub(super) enum Stop {
    /// It is no YAML.
    Syntax,
    /// There are anchors, tags or merge keys, which nobody writes into an index.
    Unusual,
    Error(ReadIndexError),
}

/// The events of an index.
struct Reader<'text> {
    parser: Parser<'text>,
}

/// Where a value stands, for messages.
#[derive(Clone, Copy)]
struct Place<'a> {
    chart: &'a str,
    number: usize,
    field: &'a str,
}

impl Place<'_> {
    fn stop<T>(self, event: &EventKind<'_>, wanted: &str) -> Result<T, Stop> {
        let Self { chart, number, field } = self;
        kind(
            event,
            format!("Go struct field .entries.{chart}.{number}.{field} of type {wanted}"),
        )
    }
}

fn kind<T>(event: &EventKind<'_>, place: String) -> Result<T, Stop> {
    let kind = match event {
        EventKind::Alias { .. } => return Err(Stop::Unusual),
        EventKind::SequenceStart(_) => "array",
        EventKind::MappingStart(_) => "object",
        _ => "string",
    };
    Err(Stop::Error(ReadIndexError::Kind { kind, place }))
}

/// Reads an index and hands out its entries.
pub(super) fn read(bytes: &[u8], sink: &mut impl Sink) -> Result<RawHead, Stop> {
    let text = Text::new(bytes);
    let mut reader = Reader {
        parser: Parser::new(&text),
    };
    let mut head = RawHead::default();
    match reader.parser.next() {
        None => return Ok(head),
        Some(Ok(_document_start)) => {}
        Some(Err(_)) => return Err(Stop::Syntax),
    }
    let first = reader.event()?;
    if is_null(&first) {
        return Ok(head);
    }
    let EventKind::MappingStart(_) = first else {
        return kind(&first, "Go value of type repo.IndexFile".to_owned());
    };
    while let Some(key) = reader.key()? {
        let value = reader.event()?;
        match &*key {
            "apiVersion" => {
                head.api_version = match text_of(value) {
                    Ok(text) => text.into_owned(),
                    Err(event) => {
                        return kind(&event, "Go struct field .apiVersion of type string".to_owned());
                    }
                }
            }
            "entries" => reader.entries(&value, sink)?,
            _ => reader.skip(&value)?,
        }
    }
    // What follows is no part of it, but a mistake in it is one.
    reader.event().map(|_document_end| head)
}

impl<'text> Reader<'text> {
    fn event(&mut self) -> Result<EventKind<'text>, Stop> {
        match self.parser.next() {
            Some(Ok(event)) => Ok(event.kind),
            Some(Err(_)) | None => Err(Stop::Syntax),
        }
    }

    /// The next key of a mapping, nothing at its end.
    fn key(&mut self) -> Result<Option<Cow<'text, str>>, Stop> {
        match self.event()? {
            EventKind::MappingEnd => Ok(None),
            EventKind::Scalar(scalar) if scalar.value != "<<" => Ok(Some(scalar.value)),
            _ => Err(Stop::Unusual),
        }
    }

    /// Goes to the end of a value that has begun.
    fn skip(&mut self, first: &EventKind<'text>) -> Result<(), Stop> {
        let mut depth = opens(first);
        while depth > 0 {
            let event = self.event()?;
            depth += opens(&event);
        }
        Ok(())
    }

    fn entries(&mut self, value: &EventKind<'text>, sink: &mut impl Sink) -> Result<(), Stop> {
        if is_null(value) {
            return Ok(());
        }
        let EventKind::MappingStart(_) = value else {
            let place = "Go struct field .entries of type map[string]repo.ChartVersions";
            return kind(value, place.to_owned());
        };
        while let Some(chart) = self.key()? {
            if !sink.chart(&chart) {
                return Err(Stop::Syntax);
            }
            let value = self.event()?;
            match value {
                EventKind::SequenceStart(_) => self.versions(&chart, sink)?,
                value if is_null(&value) => {}
                value => {
                    let place = format!("Go struct field .entries.{chart} of type repo.ChartVersions");
                    return kind(&value, place);
                }
            }
        }
        Ok(())
    }

    fn versions(&mut self, chart: &str, sink: &mut impl Sink) -> Result<(), Stop> {
        for number in 0.. {
            match self.event()? {
                EventKind::SequenceEnd => break,
                EventKind::MappingStart(_) => sink.entry(Some(self.entry(chart, number)?)),
                event if is_null(&event) => sink.entry(None),
                event => {
                    let place =
                        format!("Go struct field .entries.{chart}.{number} of type repo.ChartVersion");
                    return kind(&event, place);
                }
            }
        }
        Ok(())
    }

    fn entry(&mut self, chart: &str, number: usize) -> Result<RawEntry, Stop> {
        let mut entry = RawEntry::default();
        let mut seen = 0_u32;
        while let Some(field) = self.key()? {
            let value = self.event()?;
            let place = Place {
                chart,
                number,
                field: &field,
            };
            let bit = match &*field {
                "name" => string(&mut entry.name, value, place).map(|()| 0)?,
                "version" => string(&mut entry.version, value, place).map(|()| 1)?,
                "appVersion" => string(&mut entry.app_version, value, place).map(|()| 3)?,
                "description" => string(&mut entry.description, value, place).map(|()| 4)?,
                "type" => string(&mut entry.chart_type, value, place).map(|()| 5)?,
                "digest" => string(&mut entry.digest, value, place).map(|()| 6)?,
                "created" => string(&mut entry.created, value, place).map(|()| 7)?,
                "keywords" => self.strings(&mut entry.keywords, &value, place).map(|()| 8)?,
                "urls" => self.strings(&mut entry.urls, &value, place).map(|()| 9)?,
                "deprecated" => {
                    entry.deprecated = boolean(&value, place)?;
                    10
                }
                "maintainers" => {
                    entry.has_null_maintainer = self.has_null(&value)?;
                    11
                }
                "dependencies" => {
                    self.dependencies(&mut entry.dependencies, &value, place)?;
                    12
                }
                _ => {
                    self.skip(&value)?;
                    continue;
                }
            };
            // A key that comes twice.
            if seen & (1 << bit) != 0 {
                return Err(Stop::Syntax);
            }
            seen |= 1 << bit;
        }
        Ok(entry)
    }

    fn strings(
        &mut self,
        target: &mut Vec<String>,
        value: &EventKind<'text>,
        place: Place<'_>,
    ) -> Result<(), Stop> {
        if is_null(value) {
            return Ok(());
        }
        let EventKind::SequenceStart(_) = value else {
            return place.stop(value, "[]string");
        };
        loop {
            let event = self.event()?;
            if let EventKind::SequenceEnd = event {
                return Ok(());
            }
            match text_of(event) {
                Ok(text) => target.push(text.into_owned()),
                Err(event) => return place.stop(&event, "string"),
            }
        }
    }

    /// Whether there is a `null` in a list; what is no list has none.
    fn has_null(&mut self, value: &EventKind<'text>) -> Result<bool, Stop> {
        let EventKind::SequenceStart(_) = value else {
            return self.skip(value).map(|()| false);
        };
        let mut found = false;
        loop {
            let event = self.event()?;
            if let EventKind::SequenceEnd = event {
                return Ok(found);
            }
            found |= is_null(&event);
            self.skip(&event)?;
        }
    }

    fn dependencies(
        &mut self,
        target: &mut Vec<Option<RawDependency>>,
        value: &EventKind<'text>,
        place: Place<'_>,
    ) -> Result<(), Stop> {
        let EventKind::SequenceStart(_) = value else {
            return self.skip(value);
        };
        loop {
            match self.event()? {
                EventKind::SequenceEnd => return Ok(()),
                EventKind::MappingStart(_) => target.push(Some(self.dependency(place)?)),
                event if is_null(&event) => target.push(None),
                event => return place.stop(&event, "v2.Dependency"),
            }
        }
    }

    fn dependency(&mut self, place: Place<'_>) -> Result<RawDependency, Stop> {
        let mut dependency = RawDependency::default();
        while let Some(field) = self.key()? {
            let value = self.event()?;
            match &*field {
                "name" => string(&mut dependency.name, value, place)?,
                "alias" => string(&mut dependency.alias, value, place)?,
                _ => self.skip(&value)?,
            }
        }
        Ok(dependency)
    }
}

/// How much deeper an event leads.
fn opens(event: &EventKind<'_>) -> isize {
    match event {
        EventKind::SequenceStart(_) | EventKind::MappingStart(_) => 1,
        EventKind::SequenceEnd | EventKind::MappingEnd => -1,
        _ => 0,
    }
}

fn string(target: &mut String, event: EventKind<'_>, place: Place<'_>) -> Result<(), Stop> {
    match text_of(event) {
        Ok(text) => {
            *target = text.into_owned();
            Ok(())
        }
        Err(event) => place.stop(&event, "string"),
    }
}

/// The text of a scalar as it is written, whatever it could mean; `null` is none.
fn text_of(event: EventKind<'_>) -> Result<Cow<'_, str>, EventKind<'_>> {
    if is_null(&event) {
        return Ok(Cow::Borrowed(""));
    }
    match event {
        EventKind::Scalar(scalar) => Ok(scalar.value),
        other => Err(other),
    }
}

fn boolean(event: &EventKind<'_>, place: Place<'_>) -> Result<bool, Stop> {
    match event {
        EventKind::Scalar(scalar) if is_null(event) || scalar.value.eq_ignore_ascii_case("false") => {
            Ok(false)
        }
        EventKind::Scalar(scalar) if scalar.value.eq_ignore_ascii_case("true") => Ok(true),
        _ => place.stop(event, "bool"),
    }
}

fn is_null(event: &EventKind<'_>) -> bool {
    match event {
        EventKind::Scalar(scalar) => {
            scalar.style == ScalarStyle::Plain
                && matches!(&*scalar.value, "" | "~" | "null" | "Null" | "NULL")
        }
        _ => false,
    }
}
