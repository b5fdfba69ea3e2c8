//! Reading archives, honest and hostile.

use std::io::Read;

use skeg_chart::{ArchiveError, ArchiveReader, ArchiveSummary, Limits};

use crate::tarball::{CHART_YAML, Tarball, gzip, message, save};

/// The paths, sizes, times and contents of all files.
fn read(archive: &[u8], limits: &Limits) -> Result<Vec<(String, i64, Vec<u8>)>, ArchiveError> {
    let mut files = Vec::new();
    let mut reader = ArchiveReader::new(archive, limits)?;
    while let Some(entry) = reader.next_entry()? {
        let (path, modified) = (entry.path().to_owned(), entry.modified());
        files.push((path, modified, entry.read_whole(limits.file)?));
    }
    Ok(files)
}

#[track_caller]
fn check_error(archive: &[u8], expected: &str) {
    let error = read(archive, &Limits::default()).expect_err("the archive is bad");
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn check_paths(archive: &[u8], expected: &[&str]) {
    let files = read(archive, &Limits::default()).expect("the archive is good");
    let paths: Vec<&str> = files.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(paths, expected);
}

#[test]
fn files_come_out_in_order_and_directories_do_not() {
    let archive = Tarball::default()
        .entry(b'5', "demo/", "")
        .file("demo/values.yaml", "a: 1\n")
        .entry(b'g', "pax_global_header", "19 comment=0123456\n")
        .file("demo/Chart.yaml", CHART_YAML)
        .entry(b'0', "demo/templates/", "")
        .entry(b'\0', "demo/old", "x");
    check_paths(&archive.tgz(), &["values.yaml", "Chart.yaml", "old"]);
    let files = read(&archive.tgz(), &Limits::default()).expect("is good");
    assert_eq!(files[0], ("values.yaml".to_owned(), 1000, b"a: 1\n".to_vec()));
}

#[test]
fn long_names_and_exact_times_are_read() {
    let long = format!("demo/{}", "n".repeat(200));
    let pax = Tarball::chart().pax(&[("path", &long), ("mtime", "1700000000.75"), ("size", "1")]);
    let pax = pax.file("demo/short", "x").tgz();
    let files = read(&pax, &Limits::default()).expect("is good");
    assert_eq!(files[1], ("n".repeat(200), 1_700_000_000, b"x".to_vec()));

    let before_1970 = Tarball::chart()
        .pax(&[("mtime", "-1.5")])
        .file("demo/a", "")
        .tgz();
    assert_eq!(read(&before_1970, &Limits::default()).expect("is good")[1].1, -2);

    let gnu = Tarball::chart().entry(b'L', "././@LongLink", format!("{long}\0"));
    check_paths(
        &gnu.file("demo/short", "x").tgz(),
        &["Chart.yaml", &"n".repeat(200)],
    );
}

#[test]
fn byte_order_marks_are_dropped() {
    let archive = Tarball::chart()
        .file("demo/a", "\u{feff}x")
        .file("demo/b", "\u{feff}")
        .file("demo/c", [0xef]);
    let files = read(&archive.tgz(), &Limits::default()).expect("is good");
    assert_eq!(files[1].2, b"x");
    assert_eq!(files[2].2, b"");
    assert_eq!(files[3].2, [0xef]);
}

#[test]
fn content_can_be_read_in_small_pieces_or_skipped() {
    let archive = Tarball::chart()
        .file("demo/a", "0123456789")
        .file("demo/b", "x")
        .tgz();
    let mut reader = ArchiveReader::new(archive.as_slice(), &Limits::default()).expect("is gzip");
    reader.next_entry().expect("is good");
    let mut entry = reader
        .next_entry()
        .expect("is good")
        .expect("there is a second file");
    let mut piece = [0; 4];
    entry.read_exact(&mut piece).expect("is good");
    assert_eq!(&piece, b"0123");
    let entry = reader
        .next_entry()
        .expect("is good")
        .expect("there is a third file");
    assert_eq!(entry.path(), "b");
    assert!(reader.next_entry().expect("is good").is_none());
}

#[test]
fn several_gzip_members_and_padding_are_read() {
    let tar = Tarball::chart().file("demo/a", "x").end();
    let bytes = {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(tar.gzip().as_slice())
            .read_to_end(&mut plain)
            .expect("is gzip");
        plain
    };
    let (first, second) = bytes.split_at(700);
    let mut members = [gzip(first), gzip(second)].concat();
    check_paths(&members, &["Chart.yaml", "a"]);
    members.resize(members.len() + 10_000, 0);
    check_paths(&members, &["Chart.yaml", "a"]);
}

#[test]
fn an_archive_may_lack_its_end_mark() {
    check_paths(&Tarball::chart().gzip(), &["Chart.yaml"]);
}

#[test]
fn links_and_devices_are_refused() {
    let kinds = [
        (b'1', "a hard link"),
        (b'2', "a symbolic link"),
        (b'3', "a character device"),
        (b'4', "a block device"),
        (b'6', "a named pipe"),
        (b'S', "a sparse file"),
        (b'Z', "of an unknown type"),
    ];
    for (kind, name) in kinds {
        let archive = Tarball::chart().entry(kind, "demo/x", "").tgz();
        check_error(
            &archive,
            &format!("entry `demo/x` is {name}; a chart archive holds only regular files"),
        );
    }
    let sparse = Tarball::chart()
        .pax(&[("GNU.sparse.major", "1")])
        .file("demo/x", "")
        .tgz();
    check_error(
        &sparse,
        "entry `demo/x` is a sparse file; a chart archive holds only regular files",
    );
}

#[test]
fn unsafe_names_are_refused() {
    check_error(
        &Tarball::chart().file("demo/../../x", "").tgz(),
        "chart illegally references parent directory: `demo/../../x`",
    );
    check_error(
        &Tarball::chart()
            .pax(&[("path", "/etc/passwd")])
            .file("demo/x", "")
            .tgz(),
        "chart illegally contains absolute paths: `/etc/passwd`",
    );
    check_error(
        &Tarball::default().file("Chart.yaml", CHART_YAML).tgz(),
        "chart illegally contains content outside the base directory: `Chart.yaml`",
    );
    check_error(
        &Tarball::chart().file("other/Chart.yaml", "").tgz(),
        "chart contains `other/Chart.yaml` twice",
    );
    check_error(
        &Tarball::chart().file("demo/./Chart.yaml", "").tgz(),
        "chart contains `demo/./Chart.yaml` twice",
    );
    let latin = Tarball::chart()
        .raw_entry(b'0', b"demo/\xe9", b"00000000000\0", b"")
        .tgz();
    check_error(
        &latin,
        "the archive has an invalid file name (not UTF-8) after `demo/Chart.yaml`",
    );
}

#[test]
fn damage_is_noticed_wherever_it_is() {
    let good = Tarball::chart().file("demo/a", vec![b'x'; 5000]);
    let nothing = gzip(&[]);
    check_error(&nothing, "no files in chart archive");
    let tgz = good.tgz();
    for length in [tgz.len() - 1, tgz.len() - 8, tgz.len() / 2, 12] {
        let error = read(&tgz[..length], &Limits::default()).expect_err("the end is missing");
        assert!(
            matches!(error, ArchiveError::Truncated { .. }),
            "{length}: {error}"
        );
    }
    let mut wrong_checksum = tgz.clone();
    let at = wrong_checksum.len() - 6;
    wrong_checksum[at] ^= 1;
    let error = read(&wrong_checksum, &Limits::default()).expect_err("the checksum is wrong");
    assert!(matches!(error, ArchiveError::Corrupt { .. }), "{error}");

    let short = Tarball::chart()
        .raw_entry(b'0', b"demo/a", b"00000001000\0", b"")
        .gzip();
    check_error(&short, "the archive is cut short in `demo/a`");
    check_error(
        &Tarball::chart().raw(&[b'x'; 512]).gzip(),
        "the archive has an invalid header after `demo/Chart.yaml`",
    );
    let negative = Tarball::chart()
        .raw_entry(b'0', b"demo/a", &[0xff; 12], b"")
        .tgz();
    check_error(
        &negative,
        "the archive has an invalid size after `demo/Chart.yaml`",
    );
}

#[test]
fn trailing_data_is_refused() {
    let mut garbage = Tarball::chart().tgz();
    garbage.extend_from_slice(b"garbage");
    check_error(&garbage, "the archive has trailing data after its end");
    check_error(
        &Tarball::chart().end().raw(b"garbage").gzip(),
        "the archive has trailing data after its end",
    );
    let padding = vec![0; 2 << 20];
    check_error(
        &Tarball::chart().end().raw(&padding).gzip(),
        "the archive has trailing data after its end",
    );
}

#[test]
fn limits_hold() {
    let limits = Limits {
        total: 1000,
        file: 600,
        entries: 3,
        ..Limits::default()
    };
    let error = |archive: &Tarball| {
        read(&archive.tgz(), &limits)
            .expect_err("a limit is passed")
            .to_string()
    };
    assert_eq!(
        error(&Tarball::chart().file("demo/a", [0; 601])),
        "decompressed chart file \"demo/a\" is larger than the maximum file size 600"
    );
    assert_eq!(
        error(&Tarball::chart().file("demo/a", [0; 500]).file("demo/b", [0; 500])),
        "decompressed chart is larger than the maximum size 1000"
    );
    let many = ["a", "b", "c"].iter().fold(Tarball::chart(), |tar, name| {
        tar.file(&format!("demo/{name}"), "")
    });
    assert_eq!(error(&many), "chart archive has more than 3 entries");
    let claim = Tarball::chart().raw_entry(
        b'0',
        b"demo/a",
        b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"",
    );
    check_error(
        &claim.tgz(),
        "decompressed chart is larger than the maximum size 104857600",
    );
    let record = Tarball::chart().raw_entry(b'x', b"pax", b"00010000000\0", b"");
    check_error(
        &record.tgz(),
        "the archive has an invalid extended header (too long) after `demo/Chart.yaml`",
    );
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let bomb = Tarball::chart().file("demo/zeros", vec![0; 101 << 20]).tgz();
    assert!(bomb.len() < 1 << 20);
    check_error(
        &bomb,
        "decompressed chart is larger than the maximum size 104857600",
    );
}

#[test]
fn a_scan_sums_up() {
    let archive = Tarball::default()
        .pax(&[("mtime", "1700000000")])
        .file("demo/README.md", "hello")
        .file("demo/requirements.yaml", "dependencies: [{name: a}]")
        .file("demo/Chart.yaml", CHART_YAML);
    let (_directory, path) = save("demo.tgz", &archive.tgz());
    let summary = ArchiveSummary::scan(&path, &Limits::default()).expect("is good");
    assert_eq!(summary.newest_modified(), 1_700_000_000);
    assert_eq!(summary.metadata().dependencies()[0].name(), "a");
    assert_eq!(summary.chart_yaml(), CHART_YAML.as_bytes());
    let sizes: Vec<u64> = summary.entries().iter().map(|entry| entry.size).collect();
    assert_eq!(sizes, [5, 25, 41]);
}

#[track_caller]
fn check_scan_error(name: &str, bytes: &[u8], expected: &str) {
    let (directory, path) = save(name, bytes);
    let error = ArchiveSummary::scan(&path, &Limits::default()).expect_err("the archive is bad");
    let text = message(&error).replace(
        &format!("{}{}", directory.path().display(), std::path::MAIN_SEPARATOR),
        "",
    );
    assert_eq!(text, expected);
}

#[test]
fn scan_errors_name_the_file() {
    check_scan_error(
        "bad.tgz",
        b"hello",
        "file 'bad.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'",
    );
    check_scan_error(
        "values.yaml",
        b"a: b",
        "file 'values.yaml' seems to be a YAML file, but expected a gzipped archive",
    );
    check_scan_error(
        "a.tgz",
        &Tarball::default().file("demo/values.yaml", "").tgz(),
        "Chart.yaml file is missing in 'a.tgz'",
    );
    check_scan_error(
        "a.tgz",
        &Tarball::default().tgz(),
        "cannot load chart archive 'a.tgz': no files in chart archive",
    );
    check_scan_error(
        "a.tgz",
        &Tarball::default()
            .file("demo/Chart.yaml", "apiVersion: v2\nname: demo\n")
            .tgz(),
        "invalid chart 'a.tgz': validation: chart.metadata.version is required",
    );
}

/// Changes archives at random: reading must end, without a panic and within the limits.
#[test]
fn mutations_never_panic_or_pass_the_limits() {
    let limits = Limits {
        total: 20_000,
        entries: 50,
        ..Limits::default()
    };
    let tar = Tarball::chart()
        .pax(&[("path", "demo/long"), ("mtime", "1.5")])
        .file("demo/x", "content")
        .entry(b'L', "link", "demo/longer\0")
        .file("demo/y", vec![b'y'; 3000])
        .end();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(tar.gzip().as_slice())
        .read_to_end(&mut plain)
        .expect("is gzip");
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).expect("because it is below a usize")
    };
    for round in 0..4000 {
        let mut inner = plain.clone();
        let mut outer = if round % 2 == 0 { Vec::new() } else { gzip(&inner) };
        let target = if outer.is_empty() { &mut inner } else { &mut outer };
        for _ in 0..=next(4) {
            let at = next(target.len());
            target[at] = u8::try_from(next(256)).expect("because it is below 256");
        }
        if next(8) == 0 {
            target.truncate(next(target.len()));
        }
        let archive = if outer.is_empty() { gzip(&inner) } else { outer };
        if let Ok(files) = read(&archive, &limits) {
            assert!(files.len() <= limits.entries);
            assert!(files.iter().map(|(.., content)| content.len()).sum::<usize>() < 20_000);
        }
    }
}
