//! Made-up templates. Most expressions are of the types that functions want, some are not.

use crate::fuzz::generate;
use crate::fuzz::random::Random;

/// Functions: what they return, their name, what they take. `S` is a string, `I` an integer, `N` any number, `B` a
/// boolean, `L` a list, `M` a map, `A` anything; `P` a pattern, `V` a version, `D` a date, `G` a map of its own.
///
/// Not here: what depends on the time, on chance, or on the order of Go's maps.
const FUNCTIONS: &str = "\
    S upper S; S lower S; S title S; S untitle S; S trim S; S trimAll S S; S trimSuffix S S; \
    S trimPrefix S S; S trunc I S; S substr I I S; S nospace S; S initials S; S swapcase S; S snakecase S; \
    S camelcase S; S kebabcase S; S abbrev I S; S abbrevboth I I S; S wrap I S; S wrapWith I S S; \
    S indent I S; S nindent I S; S repeat I S; S replace S S S; S plural S S I; S quote A; S squote A; \
    S quote A A; S cat A A; S join S L; S join S A; S toString A; S b64enc S; S b64dec S; S b32enc S; \
    S b32dec S; S sha256sum S; S sha1sum S; S adler32sum S; S printf F A; S printf F A A; S print A A; \
    S println A; S html A; S js A; S urlquery A; S toYaml A; S toJson A; S toPrettyJson A; S toRawJson A; \
    S typeOf A; S kindOf A; S base S; S dir S; S clean S; S ext S; S default S S; S coalesce A A S; \
    S ternary S S B; S include T A; S regexFind P S; S regexReplaceAll P S S; \
    S regexReplaceAllLiteral P S S; S regexQuoteMeta S; S htmlDate D; S date Y D; S dateInZone Y D Z; \
    S first L; S last L; S trimAll S S; S dateModify X D; S duration I; S durationRound X; S get M K; \
    S urlJoin M; S substr I I S; S toStrings L; S fail S; S semver V; I len S; I len L; I len M; I add A A; \
    I add1 A; I sub A A; I mul A A; I div A A; I mod A A; I int A; I int64 A; I atoi S; I toDecimal A; \
    I max A A; I min A A; I ternary I I B; I default I I; I len A; N float64 A; N addf A A; N subf A A; \
    N mulf A A; N divf A A; N round A I; N ceil A; N floor A; N maxf A A; N minf A A; N add1f A; B eq A A; B eq S S; B ne I I; \
    B ne A A; B lt A A; B gt I I; B le S S; B ge A A; B not A; B and A B; B or A B; B empty A; \
    B hasKey M K; B has A L; B contains S S; B hasPrefix S S; B hasSuffix S S; B kindIs W A; B typeIs W A; \
    B deepEqual A A; B regexMatch P S; B isAbs S; B semverCompare C V; B all A A; B any A A; \
    B typeIsLike W A; L list A A; L list; L splitList S S; L append L A; L prepend L A; L concat L L; \
    L uniq L; L without L A; L compact L; L reverse L; L rest L; L initial L; L slice L I; L slice L I I; \
    L chunk I L; L until I; L untilStep I I I; L sortAlpha L; L sortAlpha A; L regexSplit P S I; \
    L regexFindAll P S I; L pluck K M M; L toStrings A; L tuple A A; L mustAppend L A; L keysOf M; \
    L seqOf I; L splitOf S S; M dict K A; M dict K A K A; M dict; M set G K A; M unset G K; M merge G M; \
    M mergeOverwrite G M; M pick M K; M omit M K; M deepCopy M; M fromYaml S; M split S S; M splitn S I S; \
    M urlParse S; M merge G M M; A index A A; A get M K; A first L; A default A A; A coalesce A A; \
    A ternary A A B; A dig K A M; A dig K K A M; A and A A; A or A A; A index M K; A index L I; \
    A semver V; A last L; A lookup";

/// Functions that mostly fail, but for arguments that suit each other.
const RISKY: &[&str] = &[
    "fail",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "dig",
    "index",
    "semver",
    "semverCompare",
    "urlJoin",
    "pluck",
    "html",
    "ternary",
    "has",
    "without",
    "len",
    "first",
    "last",
    "merge",
    "mergeOverwrite",
    "slice",
    "typeIsLike",
    "div",
    "mod",
    "wrapWith",
    "chunk",
    "duration",
    "dateModify",
    "b32dec",
    "deepCopy",
    "append",
    "seqOf",
    "substr",
    "divf",
];

/// Functions that return an `int64`, which is no `int`.
const INT64: &[&str] = &[
    "add",
    "add1",
    "sub",
    "mul",
    "div",
    "mod",
    "int64",
    "max",
    "min",
    "toDecimal",
];

const PLACES: &[&str] = &[
    ".a",
    "$x",
    ".",
    ".b",
    ".nope",
    "$",
    ".image",
    "$.a",
    ".",
    ".a",
    ".b",
    ".c",
    ".image",
    ".image.tag",
    ".a.b",
    ".global",
    ".name",
    ".enabled",
    "$",
    "$.a",
    "$.b.c",
    "$x",
    ".nope",
    ".nope.x",
    "(.nope).x",
    "$x.a",
    ".a9",
    "._x",
    ".é",
];

/// What is seldom in templates, or wrong in them.
const ODDITIES: &[&str] = &[
    "{{/* c */}}",
    "{{- /* c */ -}}",
    "{{ /* c */ }}",
    "{{/* c",
    "{{ block \"b\" . }}x{{ .a }}{{ end }}",
    "{{ define \"d\" }}{{ end }}",
    "{{ .a.b.c }}",
    "{{ (.a).b }}",
    "{{ (list 1 2).x }}",
    "{{ .a | .b }}",
    "{{ $undefined }}",
    "{{ nope }}",
    "{{ nil }}",
    "{{ .a nil }}",
    "{{ 1.b }}",
    "{{ \"s\".b }}",
    "{{ true }}",
    "{{ 08 }}",
    "{{ 1e999 }}",
    "{{ 0b12 }}",
    "{{ 99999999999999999999 }}",
    "{{ 'ab' }}",
    "{{ '\\n' }}",
    "{{ \"\\q\" }}",
    "{{ \"open }}",
    "{{ `raw\nraw` }}",
    "{{ }}",
    "{{ end }}",
    "{{ else }}",
    "{{ if }}x{{ end }}",
    "{{ template \"nope\" }}",
    "{{ template . }}",
    "{{ include \"nope\" . }}",
    "{{ index .a \"b\" \"c\" }}",
    "{{ index (list 1 2) 2 }}",
    "{{ index (list 1 2) -1 }}",
    "{{ index \"abc\" 1 }}",
    "{{ index . 1 }}",
    "{{ index nil 1 }}",
    "{{ slice (list 1 2 3) 1 2 }}",
    "{{ call .a }}",
    "{{ call len }}",
    "{{ len 3 }}",
    "{{ len nil }}",
    "{{ len .nope }}",
    "{{ not }}",
    "{{ and }}",
    "{{ eq 1 }}",
    "{{ eq 1 1.0 }}",
    "{{ eq .a .b }}",
    "{{ lt \"a\" 1 }}",
    "{{ lt true false }}",
    "{{ eq (list) (list) }}",
    "{{ eq . nil }}",
    "{{ printf }}",
    "{{ printf 1 }}",
    "{{ print 1 2 \"a\" nil }}",
    "{{ println . }}",
    "{{ $x.a.b }}",
    "{{ $.nope.b }}",
    "{{ .nope.b.c }}",
    "{{ (.nope).b.c }}",
    "{{ .a.b }}",
    "{{ upper }}",
    "{{ upper 1 }}",
    "{{ upper .nope }}",
    "{{ trunc \"a\" \"b\" }}",
    "{{ trunc 1.0 \"b\" }}",
    "{{ trunc 1.5 \"b\" }}",
    "{{ list 1 | upper }}",
    "{{ add \"1\" 1.9 true nil }}",
    "{{ dict \"a\" }}",
    "{{ dict 1 2 }}",
    "{{ ternary 1 2 3 }}",
    "{{ required }}",
    "{{ a b }}",
    "{{ (1) 2 }}",
    "{{ .a() }}",
    "{{ . | . }}",
    "{{ 1 | 2 }}",
    "{{ | upper }}",
    "{{ upper | }}",
    "{{ $x := 1 2 }}",
    "{{ $x, $y := . }}",
    "{{ range $a, $b, $c := . }}{{ end }}",
    "{{ with $z := .a }}{{ $z }}{{ end }}{{ $z }}",
    "{{ range 3 }}{{ . }}{{ end }}",
    "{{ range \"ab\" }}{{ end }}",
    "{{ range 2.0 }}{{ end }}",
    "{{ range nil }}{{ else }}none{{ end }}",
    "{{- 3 -}}",
    "{{-3}}",
    "{{ -3 -}} x",
    "{{3-}}",
    "{{ +1 }}",
    "{{ 1_0 }}",
    "{{ 1i }}",
    "{{ 0x1p4 }}",
    "{{ .5 }}",
    "{{ ..a }}",
    "{{ .a..b }}",
    "{{ . a }}",
    "{{ .é }}",
    "{{ .1 }}",
    "{{ $ }}",
    "{{ $1 }}",
    "{{ @ }}",
    "{{ \"\\u00e9\\x41\\101\" }}",
    "{{ 1\n| add 1 }}",
    "{{ range $k, $v := . }}{{ $k }}={{ $v }},{{ end }}",
    "{{ if and .a (not .b) }}x{{ else }}y{{ end }}",
    "{{ if or .nope .a.b }}x{{ end }}",
    "}}",
    "{",
];

const PATTERNS: &[&str] = &[
    "a",
    "[a-z]+",
    "^a|b$",
    "(a)(b)?",
    "\\d+",
    ".*",
    "a*",
    "[^a-zA-Z0-9]+",
    "(",
    "é",
    "\\s+",
    "^$",
    "(?i)A",
    "[",
    "-+",
    "a{2}",
];

const VERSIONS: &[&str] = &[
    "1.2.3",
    "v1.20",
    "1",
    "1.27.4-gke.1",
    "",
    "x",
    "2.0.0-rc.1+b",
    "0.0.1",
    "01.2",
];
const CONSTRAINTS: &[&str] = &[
    ">=1.2", "^1", "~1.2.3", ">=1.20-0", "*", "1.x || 2", "<2.0.0", "", ">a", "!=1.2.3", "1 - 2",
];
const FORMATS: &[&str] = &[
    "%s", "%d", "%v", "%q", "%-5s|", "%05d", "%.2f", "%t", "%x", "%+v", "%T", "%s-%s", "%%", "%d%%", "%5.1f",
    "%#v", "%c",
];
const LAYOUTS: &[&str] = &[
    "2006-01-02",
    "Jan _2 15:04:05.000 MST 2006",
    "2006-01-02T15:04:05Z07:00",
    "Mon 02/01/06 3PM",
    "",
    "002",
];
const WORDS: &[&str] = &[
    "string",
    "int",
    "float64",
    "map",
    "slice",
    "bool",
    "map[string]interface {}",
    "[]interface {}",
    "invalid",
];
const NUMBERS: &[&str] = &[
    "0", "1", "2", "3", "5", "-1", "10", "63", "7", "0x1F", "'a'", "1_000",
];
const LISTS: &[&str] = &[
    "(list 1 \"a\" .b)",
    "(list)",
    "(list \"b\" \"a\" \"b\")",
    "(list 3 1 2)",
    "(until 3)",
    "(splitList \".\" \"a.b\")",
    "(list nil 0 \"\")",
];
const MAPS: &[&str] = &[
    "(dict \"a\" 1 \"b\" \"x\")",
    "(dict)",
    "$",
    "(dict \"a\" (dict \"b\" .a))",
    "(dict \"b\" .b \"c\" (list 1 2))",
];
/// Maps that nothing else refers to, since a map that is set into itself is the end of a Go program.
const FRESH: &[&str] = &[
    "(dict)",
    "(dict \"a\" 1 \"b\" \"x\")",
    "(deepCopy $)",
    "(dict \"a\" (dict \"b\" 0 \"c\" false))",
    "(fromYaml \"{a: {b: 1}, c: ''}\")",
];
const DATES: &[&str] = &[
    "(toDate \"2006-01-02\" \"2024-02-29\")",
    "(toDate \"2006-01-02T15:04:05\" \"1999-12-31T23:59:59\")",
];
const FLOATS: &[&str] = &[
    "1.5", "0.0", "-2.25", "1e3", "3.14159", "0.1", "1e-7", "100.0", "0x1p-2",
];

/// A template with a definition that it includes.
pub(super) fn template(random: &mut Random) -> String {
    let mut text = String::new();
    let careful = !random.once_in(4);
    let mut writer = Writer {
        random,
        loops: 0,
        included: false,
        careful,
    };
    if writer.random.once_in(2) {
        text += "{{ define \"t\" }}{{ $x := . }}";
        writer.body(&mut text, 1);
        text += "{{ end }}";
        writer.included = true;
    }
    text += "{{ $x := .a }}";
    writer.body(&mut text, 2);
    if !writer.careful && writer.random.once_in(8) {
        let at = writer.random.below(text.len());
        if text.is_char_boundary(at) {
            text.insert_str(
                at,
                writer.random.pick(&[
                    "{{", "}}", "(", ")", "\"", ".", "|", "$", " ", "-", "/*", "end", "é",
                ]),
            );
        }
    }
    text
}

struct Writer<'r> {
    random: &'r mut Random,
    loops: usize,
    included: bool,
    /// Whether what would fail is avoided.
    careful: bool,
}

impl Writer<'_> {
    fn body(&mut self, out: &mut String, depth: usize) {
        for _ in 0..=self.random.below(3) {
            *out += self.random.pick(&["", "a", " \n", "x: ", "\n  ", "é", "- "]);
            self.statement(out, depth);
        }
    }

    /// An action with or without trim markers.
    fn action(&mut self, out: &mut String, text: &str) {
        *out += self.random.pick(&["{{ ", "{{", "{{- "]);
        *out += text;
        *out += self.random.pick(&[" }}", "}}", " -}}"]);
    }

    fn statement(&mut self, out: &mut String, depth: usize) {
        let choice = if depth == 0 { 0 } else { self.random.below(16) };
        match choice {
            0..=6 => {
                let pipeline = self.pipeline('A', 2);
                self.action(out, &pipeline);
            }
            7 | 8 => self.block(out, "if", depth),
            9 => self.block(out, "with", depth),
            10 | 11 => {
                let head = self.random.pick(&[
                    "range",
                    "range $i, $e :=",
                    "range $x :=",
                    "range $x =",
                    "range $i, $x =",
                ]);
                self.loops += 1;
                self.block(out, head, depth);
                self.loops -= 1;
            }
            12 => {
                let assignment = format!(
                    "{} {}",
                    self.random.pick(&["$x =", "$x :=", "$x =", "$y :="]),
                    self.pipeline('A', 2)
                );
                self.action(out, &assignment);
            }
            13 if self.loops > 0 || self.random.once_in(10) => {
                let word = self.random.pick(&["break", "continue"]);
                self.action(out, word);
            }
            14 if self.included => {
                let call = format!(
                    "template \"t\" {}",
                    self.random.pick(&[".", "$x", "", "(dict \"a\" 1)", ".nope"])
                );
                self.action(out, &call);
            }
            _ if self.careful => *out += "{{/* c */}}",
            _ => {
                let odd = self.random.pick(ODDITIES);
                *out += odd;
            }
        }
    }

    fn block(&mut self, out: &mut String, head: &str, depth: usize) {
        let kind = if head.starts_with("range") {
            *self.random.pick(&[&'L', &'M', &'A', &'I'])
        } else {
            'A'
        };
        let head = format!("{head} {}", self.pipeline(kind, 1));
        self.action(out, &head);
        self.body(out, depth - 1);
        if (!head.starts_with("range") || !self.careful) && self.random.once_in(5) {
            let own = head.split(' ').next().unwrap_or_default();
            let word = if self.careful {
                own
            } else {
                self.random.pick(&["if", "with"])
            };
            let other = format!("else {word} {}", self.pipeline('A', 1));
            self.action(out, &other);
            self.body(out, depth - 1);
        }
        if self.random.once_in(3) {
            self.action(out, "else");
            self.body(out, depth - 1);
        }
        self.action(out, "end");
    }

    /// An expression, with some of the last arguments piped in.
    fn pipeline(&mut self, kind: char, depth: usize) -> String {
        let mut text = self.expression(kind, depth);
        if self.random.once_in(4) {
            let piped = self.random.pick(&[
                "quote",
                "toYaml",
                "toJson",
                "default \"d\"",
                "upper",
                "nindent 2",
                "toString",
                "len",
                "int",
            ]);
            text = format!("{text} | {piped}");
        }
        text
    }

    /// An expression that is one operand.
    fn operand(&mut self, kind: char, depth: usize) -> String {
        let text = self.expression(kind, depth);
        let is_call = text.contains(' ') && !text.starts_with(['"', '`', '(']);
        if is_call { format!("({text})") } else { text }
    }

    fn expression(&mut self, kind: char, depth: usize) -> String {
        // Now and then of another type.
        let kind = if "SILMB".contains(kind) && !self.careful && self.random.once_in(12) {
            'A'
        } else {
            kind
        };
        if depth == 0 || self.random.once_in(3) || !"SINLMBA".contains(kind) {
            return self.leaf(kind);
        }
        let is_risky = |function: &&str| RISKY.contains(&function.split(' ').nth(1).unwrap_or_default());
        let fits = |function: &&str| {
            (kind == 'A' || function.starts_with(kind)) && !(self.careful && is_risky(function))
        };
        let fitting: Vec<&str> = FUNCTIONS.split("; ").filter(fits).collect();
        let mut words = fitting[self.random.below(fitting.len())].split(' ').skip(1);
        let name = words.next().unwrap_or_default();
        let mut arguments: Vec<String> = words
            .map(|kind| self.operand(kind.chars().next().unwrap_or('A'), depth - 1))
            .collect();
        match name {
            "keysOf" => return format!("keys {} | sortAlpha", arguments[0]),
            "seqOf" => return format!("splitList \" \" (seq {})", arguments[0]),
            "splitOf" => return format!("mustRegexSplit \"[,.]\" {} -1", arguments[0]),
            "lookup" => return "nil".to_owned(),
            // Not into itself, nor before it is there.
            "include" if !self.included => return "toString .".to_owned(),
            _ => {}
        }
        if self.careful && kind == 'I' && INT64.contains(&name) {
            return format!("int ({name} {})", arguments.join(" "));
        }
        if arguments.len() > 1 && self.random.once_in(3) {
            let last = arguments.pop().unwrap_or_default();
            return format!("{last} | {name} {}", arguments.join(" "));
        }
        format!("{name} {}", arguments.join(" ")).trim_end().to_owned()
    }

    fn leaf(&mut self, kind: char) -> String {
        let choices = match kind {
            'S' => return self.string(),
            'A' => return self.anything(),
            'I' => NUMBERS,
            'N' => FLOATS,
            'B' => &["true", "false", "(not .a)", "(hasKey $ \"a\")", "(eq 1 1)"],
            'L' => LISTS,
            'M' => MAPS,
            'D' => DATES,
            'G' => FRESH,
            'T' => &["\"t\""],
            _ => return literal(self.random.pick(literals(kind))),
        };
        self.random.pick(choices).to_owned()
    }

    fn string(&mut self) -> String {
        match self.random.below(5) {
            0 => format!("(toString {})", self.random.pick(PLACES)),
            1 => "`raw`".to_owned(),
            2 => literal(
                self.random
                    .pick(&["a", ",", "foo-bar", "Hello World", "", "1.5", "a.b.c"]),
            ),
            _ => literal(&generate::text(self.random)),
        }
    }

    fn anything(&mut self) -> String {
        if self.random.once_in(2) {
            let places = if self.careful { &PLACES[..8] } else { PLACES };
            return self.random.pick(places).to_owned();
        }
        let kind = *self.random.pick(&[&'I', &'N', &'S', &'B', &'L', &'M']);
        self.leaf(kind)
    }
}

/// The texts that stand for parameters which want something special.
fn literals(kind: char) -> &'static [&'static str] {
    match kind {
        'P' => PATTERNS,
        'V' => VERSIONS,
        'C' => CONSTRAINTS,
        'F' => FORMATS,
        'Y' => LAYOUTS,
        'Z' => &["UTC", "Europe/Berlin", "America/New_York", "Nowhere"],
        'X' => &["1h", "-1.5h", "24h30m", "x", ""],
        'W' => WORDS,
        _ => &["a", "b", "c", "x y", "image", ""],
    }
}

/// A string in Go's syntax.
fn literal(text: &str) -> String {
    skeg_go::quote::quote(text)
}
