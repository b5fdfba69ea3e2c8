//! Private keys: reading and writing them, their public halves, and signing with them.

use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

use super::der::{self, Reader, bit_string, element, integer, sequence};
use super::dsa_key;
use super::pem::{self, Block};
use super::random::Fill;
use super::rsa_key::RsaKey;

/// `1.2.840.113549.1.1.1`, RSA.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// `1.2.840.113549.1.1.11`, RSA with SHA-256.
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
/// `1.2.840.10045.2.1`, elliptic curves.
const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// `1.2.840.10045.4.3.2` and `.3`, ECDSA with SHA-256 and SHA-384.
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
/// `1.2.840.10045.3.1.7` and `1.3.132.0.34`, the curves P-256 and P-384.
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// `1.3.101.112`
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A private key.
pub(super) enum PrivateKey {
    Rsa(RsaKey),
    Elliptic(EllipticKey),
    Ed25519([u8; 32]),
    /// In the form that OpenSSL gave it.
    Dsa(Vec<u8>),
}

/// A key on a curve.
pub(super) struct EllipticKey {
    curve: &'static [u8],
    secret: Vec<u8>,
    public: Vec<u8>,
}

impl PrivateKey {
    /// A new key of the kind that `genPrivateKey` names.
    pub(super) fn elliptic() -> Option<Self> {
        let algorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).ok()?;
        Self::from_pkcs8(document.as_ref()).ok()
    }

    pub(super) fn ed25519(fill: Fill) -> Self {
        let mut seed = [0; 32];
        fill(&mut seed);
        Self::Ed25519(seed)
    }

    pub(super) fn dsa(fill: Fill) -> Self {
        Self::Dsa(dsa_key::generate(fill))
    }

    /// Reads a key; the error is sprig's.
    pub(super) fn from_pem(text: &[u8]) -> Result<Self, String> {
        let Some(Block { label, bytes }) = pem::decode(text) else {
            return Err("no PEM data in input".to_owned());
        };
        if label == "PRIVATE KEY" {
            return Self::from_pkcs8(&bytes).map_err(|error| format!("decoding PEM as PKCS#8: {error}"));
        }
        let Some(kind) = label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {label}"));
        };
        let failure = |error| format!("parsing {kind} private key from PEM: {error}");
        match kind {
            "RSA" => RsaKey::read(&bytes)
                .unwrap_or_else(|| Err(other_form(&bytes, "ParsePKCS1PrivateKey")))
                .map(Self::Rsa)
                .map_err(failure),
            "EC" => EllipticKey::read(&bytes, None)
                .map(Self::Elliptic)
                .ok_or_else(|| failure(other_form(&bytes, "ParseECPrivateKey"))),
            "DSA" => Some(bytes)
                .filter(|bytes| dsa_key::is_key(bytes))
                .map(Self::Dsa)
                .ok_or_else(|| failure("asn1: structure error: tags don't match".to_owned())),
            _ => Err(format!("invalid private key type {label}")),
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, String> {
        let malformed = || other_form(der, "ParsePKCS8PrivateKey");
        let mut fields = Reader::new(der).enter().ok_or_else(malformed)?;
        fields.expect(der::INTEGER).ok_or_else(malformed)?;
        let mut algorithm = fields.enter().ok_or_else(malformed)?;
        let name = algorithm.expect(der::OBJECT_IDENTIFIER).ok_or_else(malformed)?;
        let key = fields.expect(der::OCTET_STRING).ok_or_else(malformed)?.content;
        if name.content == RSA {
            return RsaKey::read(key)
                .unwrap_or_else(|| Err(other_form(key, "ParsePKCS1PrivateKey")))
                .map(Self::Rsa)
                .map_err(|error| {
                    format!("x509: failed to parse RSA private key embedded in PKCS#8: {error}")
                });
        }
        if name.content == ELLIPTIC {
            let curve = algorithm
                .expect(der::OBJECT_IDENTIFIER)
                .map(|curve| curve.content);
            return EllipticKey::read(key, curve)
                .map(Self::Elliptic)
                .ok_or_else(|| "x509: failed to parse EC private key embedded in PKCS#8".to_owned());
        }
        if name.content == ED25519 {
            let seed = Reader::new(key)
                .expect(der::OCTET_STRING)
                .map(|seed| seed.content);
            return seed
                .and_then(|seed| <[u8; 32]>::try_from(seed).ok())
                .map(Self::Ed25519)
                .ok_or_else(|| "x509: invalid Ed25519 private key".to_owned());
        }
        Err("x509: PKCS#8 wrapping contained private key with unknown algorithm".to_owned())
    }

    /// The key as text, in the form that sprig chooses for its kind.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &key.write()),
            Self::Elliptic(key) => pem::encode("EC PRIVATE KEY", &key.write()),
            Self::Dsa(der) => pem::encode("DSA PRIVATE KEY", der),
            Self::Ed25519(seed) => {
                let algorithm = sequence(&element(der::OBJECT_IDENTIFIER, ED25519));
                let key = element(der::OCTET_STRING, &element(der::OCTET_STRING, seed));
                pem::encode("PRIVATE KEY", &sequence(&[integer(&[]), algorithm, key].concat()))
            }
        }
    }

    /// The public key as certificates have it: the bits, and these with the algorithm.
    pub(super) fn public_key(&self) -> Result<PublicKey, String> {
        let (algorithm, bits) = match self {
            Self::Rsa(key) => (rsa_algorithm(RSA), key.public_key()),
            Self::Elliptic(key) => {
                let names = [ELLIPTIC, key.curve].map(|name| element(der::OBJECT_IDENTIFIER, name));
                (sequence(&names.concat()), key.public.clone())
            }
            Self::Ed25519(seed) => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|error| error.to_string())?;
                let algorithm = sequence(&element(der::OBJECT_IDENTIFIER, ED25519));
                (algorithm, pair.public_key().as_ref().to_vec())
            }
            Self::Dsa(_) => return Err("x509: unsupported public key type: *dsa.PublicKey".to_owned()),
        };
        let info = sequence(&[algorithm, bit_string(&bits)].concat());
        Ok(PublicKey { bits, info })
    }

    /// How a certificate names the way in which this key signs.
    pub(super) fn signature_algorithm(&self) -> Result<Vec<u8>, String> {
        Ok(match self {
            Self::Rsa(_) => rsa_algorithm(RSA_SHA256),
            Self::Elliptic(key) => {
                let name = if key.curve == P384 {
                    ECDSA_SHA384
                } else {
                    ECDSA_SHA256
                };
                sequence(&element(der::OBJECT_IDENTIFIER, name))
            }
            Self::Ed25519(_) => sequence(&element(der::OBJECT_IDENTIFIER, ED25519)),
            Self::Dsa(_) => {
                return Err("x509: certificate private key does not implement crypto.Signer".to_owned());
            }
        })
    }

    pub(super) fn sign(&self, message: &[u8], fill: Fill) -> Result<Vec<u8>, String> {
        match self {
            Self::Rsa(key) => key.sign(message, fill),
            Self::Elliptic(key) => key.sign(message),
            Self::Ed25519(seed) => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|error| error.to_string())?;
                Ok(pair.sign(message).as_ref().to_vec())
            }
            Self::Dsa(_) => Err("x509: certificate private key does not implement crypto.Signer".to_owned()),
        }
    }
}

/// A public key.
pub(super) struct PublicKey {
    pub(super) bits: Vec<u8>,
    /// `SubjectPublicKeyInfo`
    pub(super) info: Vec<u8>,
}

fn rsa_algorithm(name: &[u8]) -> Vec<u8> {
    sequence(&[element(der::OBJECT_IDENTIFIER, name), element(der::NULL, &[])].concat())
}

/// Go's error for a key that is none, or one in another form than it was announced.
fn other_form(der: &[u8], used: &str) -> String {
    let is_pkcs1 = || RsaKey::read(der).is_some();
    let is_elliptic = || EllipticKey::read(der, None).is_some();
    let is_pkcs8 = || {
        Reader::new(der).enter().is_some_and(|mut fields| {
            fields.expect(der::INTEGER).is_some()
                && fields.enter().is_some()
                && fields.expect(der::OCTET_STRING).is_some()
        })
    };
    let fitting = if used != "ParsePKCS1PrivateKey" && is_pkcs1() {
        "ParsePKCS1PrivateKey"
    } else if used != "ParseECPrivateKey" && is_elliptic() {
        "ParseECPrivateKey"
    } else if used != "ParsePKCS8PrivateKey" && is_pkcs8() {
        "ParsePKCS8PrivateKey"
    } else {
        return "asn1: structure error: tags don't match".to_owned();
    };
    format!("x509: failed to parse private key (use {fitting} instead for this key format)")
}

impl EllipticKey {
    /// Reads the form of SEC 1; `curve` is what stands around it.
    fn read(der: &[u8], curve: Option<&[u8]>) -> Option<Self> {
        let mut fields = Reader::new(der).enter()?;
        fields.expect(der::INTEGER)?;
        let secret = fields.expect(der::OCTET_STRING)?.content.to_vec();
        let named = fields.optional(der::numbered(0));
        let named = named.and_then(|field| Reader::new(field.content).expect(der::OBJECT_IDENTIFIER));
        let curve = named.map(|name| name.content).or(curve)?;
        let curve = [P256, P384].into_iter().find(|known| *known == curve)?;
        let public = fields.optional(der::numbered(1))?;
        let public = Reader::new(public.content).expect(der::BIT_STRING)?.content;
        let key = Self {
            curve,
            secret,
            public: public.split_first()?.1.to_vec(),
        };
        key.pair().map(|_| key)
    }

    fn write(&self) -> Vec<u8> {
        let fields = [
            integer(&[1]),
            element(der::OCTET_STRING, &self.secret),
            element(der::numbered(0), &element(der::OBJECT_IDENTIFIER, self.curve)),
            element(der::numbered(1), &bit_string(&self.public)),
        ];
        sequence(&fields.concat())
    }

    fn pair(&self) -> Option<EcdsaKeyPair> {
        let algorithm = if self.curve == P384 {
            &signature::ECDSA_P384_SHA384_ASN1_SIGNING
        } else {
            &signature::ECDSA_P256_SHA256_ASN1_SIGNING
        };
        EcdsaKeyPair::from_private_key_and_public_key(
            algorithm,
            &self.secret,
            &self.public,
            &SystemRandom::new(),
        )
        .ok()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let pair = self.pair().ok_or("x509: invalid elliptic curve private key")?;
        let signature = pair
            .sign(&SystemRandom::new(), message)
            .map_err(|error| error.to_string())?;
        Ok(signature.as_ref().to_vec())
    }
}
