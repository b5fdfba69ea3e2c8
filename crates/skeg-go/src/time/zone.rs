//! Time zones.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// `*time.Location`: where and when clocks show what.
#[derive(Clone, Debug)]
pub enum Location {
    /// UTC.
    Utc,
    /// The zone of this place; `None` if it is UTC.
    Local(Option<TimeZone>),
    /// A zone of the IANA database.
    Named(TimeZone),
    /// Always the same offset.
    Fixed {
        /// The abbreviation, which may be empty.
        name: Rc<str>,
        /// Seconds east of UTC.
        offset: i32,
    },
}

/// What holds at one instant in a location.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    pub(super) name: Rc<str>,
    /// Seconds east of UTC.
    pub(super) offset: i32,
    pub(super) is_dst: bool,
}

thread_local! {
    static LOCAL: RefCell<Option<TimeZone>> = const { RefCell::new(None) };
}

/// The calendar repeats after so many seconds.
const SECONDS_IN_400_YEARS: i64 = 146_097 * 86_400;
const YEAR_2040: i64 = 70 * 31_556_952;

impl Location {
    /// The local zone by its IANA name; UTC if there is none, or nobody knows it.
    pub fn local(name: Option<&str>) -> Self {
        Self::Local(name.and_then(database_zone))
    }

    /// Makes a location the one that `Time.Local` of templates means on this thread.
    pub fn make_local(&self) {
        if let Self::Local(zone) = self {
            LOCAL.set(zone.clone());
        }
    }

    /// What `Time.Local` of templates means on this thread; UTC if nobody said.
    pub fn current_local() -> Self {
        Self::Local(LOCAL.with_borrow(Clone::clone))
    }

    /// `time.LoadLocation`: `local` is what `Local` means.
    pub fn load(name: &[u8], local: &Self) -> Option<Self> {
        match name {
            b"" | b"UTC" => Some(Self::Utc),
            b"Local" => Some(local.clone()),
            _ => database_zone(std::str::from_utf8(name).ok()?).map(Self::Named),
        }
    }

    /// The name of the location.
    pub fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Local(_) => "Local",
            Self::Named(zone) => zone.iana_name().unwrap_or("UTC"),
            Self::Fixed { name, .. } => name,
        }
    }

    /// What holds at an instant, in seconds since 1970.
    pub(super) fn zone_at(&self, unix: i64) -> Zone {
        match self {
            Self::Utc | Self::Local(None) => Zone {
                name: Rc::from("UTC"),
                offset: 0,
                is_dst: false,
            },
            Self::Local(Some(zone)) | Self::Named(zone) => {
                let info = zone.to_offset_info(timestamp(unix));
                Zone {
                    name: Rc::from(info.abbreviation()),
                    offset: info.offset().seconds(),
                    is_dst: info.dst().is_dst(),
                }
            }
            Self::Fixed { name, offset } => Zone {
                name: Rc::clone(name),
                offset: *offset,
                is_dst: false,
            },
        }
    }

    /// The offset that is meant by an abbreviation at a time of the wall: the one that holds then, else any that
    /// goes by this name.
    pub(super) fn offset_of(&self, name: &str, wall: i64) -> Option<i32> {
        let (Self::Local(Some(zone)) | Self::Named(zone)) = self else {
            return None;
        };
        let mut offsets = vec![];
        let mut add = |abbreviation: &str, offset: i32| {
            if abbreviation == name && !offsets.contains(&offset) {
                offsets.push(offset);
            }
        };
        let first = self.zone_at(i64::MIN / 2);
        add(&first.name, first.offset);
        // Whatever there is to come has been before this.
        let end = timestamp(YEAR_2040);
        let transitions = zone.following(Timestamp::MIN);
        for transition in transitions.take_while(|transition| transition.timestamp() <= end) {
            add(transition.abbreviation(), transition.offset().seconds());
        }
        let at = |offset: &i32| self.zone_at(wall.wrapping_sub((*offset).into()));
        let holding = offsets.iter().map(at).find(|zone| *zone.name == *name);
        holding.map(|zone| zone.offset).or(offsets.first().copied())
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Fixed { name, offset },
                Self::Fixed {
                    name: other_name,
                    offset: other_offset,
                },
            ) => (name, offset) == (other_name, other_offset),
            (Self::Fixed { .. }, _) | (_, Self::Fixed { .. }) => false,
            _ => self.name() == other.name(),
        }
    }
}

/// A zone of the database that is built in. Unlike the database, Go minds the case of names.
fn database_zone(name: &str) -> Option<TimeZone> {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    let database = DATABASE.get_or_init(TimeZoneDatabase::bundled);
    let zone = database.get(name).ok()?;
    (zone.iana_name() == Some(name) && name != "Etc/Unknown").then_some(zone)
}

/// The instant, or in far times one of the same place in the calendar.
fn timestamp(unix: i64) -> Timestamp {
    let (low, high) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let unix = if unix > high {
        high - SECONDS_IN_400_YEARS + (unix - high).rem_euclid(SECONDS_IN_400_YEARS)
    } else {
        unix.max(low)
    };
    Timestamp::from_second(unix).unwrap_or(Timestamp::UNIX_EPOCH)
}
