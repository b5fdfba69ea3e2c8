//! The form in which an archive and its provenance file are sent (RFC 7578).

use bytes::Bytes;
use skeg_oci::Digest;
use skeg_oci_client::BodyPiece;

use super::ChartUpload;

/// A form as the body of a request.
pub(super) struct Form {
    pub(super) content_type: String,
    pub(super) body: Vec<BodyPiece>,
}

/// The fields have the names that ChartMuseum looks for if nobody has changed them.
pub(super) fn form(upload: &ChartUpload<'_>) -> Form {
    let boundary = boundary(&upload.archive.digest);
    let file = upload.file_name();
    let mut body = vec![
        text(field(&boundary, "chart", &file)),
        BodyPiece::File {
            path: upload.path.to_owned(),
            size: upload.archive.size,
        },
    ];
    if let Some(provenance) = upload.provenance {
        let head = field(&boundary, "prov", &format!("{file}.prov"));
        body.push(text(format!("\r\n{head}")));
        body.push(BodyPiece::Bytes(provenance.clone()));
    }
    body.push(text(format!("\r\n--{boundary}--\r\n")));
    Form {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        body,
    }
}

/// What no archive has in it: it would have to contain a digest that depends on itself.
fn boundary(archive: &Digest) -> String {
    let digest = Digest::sha256_of(format!("form of {archive}").as_bytes());
    format!("skeg-{}", &digest.hex()[..48])
}

fn field(boundary: &str, name: &str, file: &str) -> String {
    let file: String = file.chars().flat_map(escaped).collect();
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: \
         application/octet-stream\r\n\r\n"
    )
}

fn escaped(character: char) -> Vec<char> {
    match character {
        '"' | '\\' => vec!['\\', character],
        '\r' | '\n' => vec!['_'],
        other => vec![other],
    }
}

fn text(text: String) -> BodyPiece {
    BodyPiece::Bytes(Bytes::from(text))
}
