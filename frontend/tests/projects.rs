//! Files, directories and projects become programs.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use frontend::diagnostic::render;
use frontend::program::compile;
use frontend::project::collect;
use frontend::source::Sources;

/// A directory of its own for one test, with these files.
fn directory(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn names(sources: &Sources, root: &Path) -> Vec<String> {
    let name = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
    sources.files().map(|(_, file)| name(file.path())).collect()
}

fn error(path: &Path, root: &Path) -> String {
    let text = render(&collect(&[path]).unwrap_err(), &Sources::new(), false);
    text.replace(&root.display().to_string(), "ROOT")
}

#[test]
fn a_directory_is_all_its_files_in_order() {
    let files = [
        ("b.p", ""),
        ("a/z.p", ""),
        ("a/c.txt", ""),
        (".hidden.p", ""),
        ("._x.p", ""),
    ];
    let root = directory("plain", &files);
    assert_eq!(names(&collect(&[&root]).unwrap(), &root), ["a/z.p", "b.p"]);
    let twice = collect(&[root.join("b.p"), root.clone(), root.join("a")]).unwrap();
    assert_eq!(names(&twice, &root), ["b.p", "a/z.p"]);
}

#[test]
fn a_project_brings_its_includes_but_not_their_tests() {
    let project = |files: &str| format!("<Project><ProjectName>X</ProjectName>{files}</Project>");
    let including = "<Project><ProjectName>App</ProjectName><InputFiles><PFile>./src</PFile><PFile>native.cs</PFile></InputFiles>
        <IncludeProject>../timer/Timer.pproj</IncludeProject></Project>";
    let machine = "machine Timer { start state S { } }\n";
    let root = directory(
        "included",
        &[
            ("app/App.pproj", including),
            ("app/native.cs", ""),
            (
                "app/src/main.p",
                "test own [main = Main]: { Main, Timer };\nmachine Main { start state S { entry { new Timer(); } } }",
            ),
            ("app/other/not-part.p", "syntax error"),
            ("timer/Timer.pproj", &project("<PFile>timer.p</PFile>")),
            (
                "timer/timer.p",
                &format!("{machine}test theirs [main = Timer]: {{ Timer }};"),
            ),
        ],
    );
    let sources = collect(&[root.join("app")]).unwrap();
    assert_eq!(names(&sources, &root), ["app/src/main.p", "timer/timer.p"]);
    let program = compile(&sources).unwrap();
    let tests: Vec<String> = program.tests().into_iter().map(|test| test.name).collect();
    assert_eq!(tests, ["own"]);
    assert_eq!(program.find_test(None), Ok(0));
    let unknown = program.find_test(Some("theirs")).unwrap_err();
    assert_eq!(unknown.message, "there is no test `theirs`");
    assert_eq!(unknown.help.as_deref(), Some("the tests are own"));
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_end() {
    let root = directory("links", &[("a/one.p", ""), ("b/two.p", "")]);
    for (target, link) in [
        (".", "a/self"),
        ("..", "a/up"),
        ("../b", "a/b"),
        ("../a", "b/a"),
    ] {
        std::os::unix::fs::symlink(target, root.join(link)).unwrap();
    }
    let sources = collect(&[&root]).unwrap();
    assert_eq!(sources.files().count(), 2);
}

#[test]
fn an_included_project_may_lie_beside_or_below() {
    let app = "<Project><ProjectName>App</ProjectName><PFile>main.p</PFile>
        <IncludeProject>../Common/Timer.pproj</IncludeProject></Project>";
    let timer = "<Project><ProjectName>Timer</ProjectName><PFile>timer.p</PFile></Project>";
    for (name, common) in [("beside", "Common"), ("below", "app/Common")] {
        let project = format!("{common}/Timer.pproj");
        let file = format!("{common}/timer.p");
        let list = [
            ("app/App.pproj", app),
            ("app/main.p", ""),
            (&project, timer),
            (&file, ""),
        ];
        let root = directory(name, &list);
        let sources = collect(&[root.join("app")]).unwrap();
        assert_eq!(names(&sources, &root), ["app/main.p", &file]);
    }
}

#[test]
fn faults_say_which_file_and_why() {
    let root = directory(
        "faults",
        &[
            ("empty/readme.txt", ""),
            ("two/A.pproj", ""),
            ("two/B.pproj", ""),
            ("bad.pproj", "<Project>\n<Input"),
            ("other.pproj", "<Solution/>"),
            (
                "gone.pproj",
                "<Project><ProjectName>G</ProjectName><PFile>gone.p</PFile></Project>",
            ),
        ],
    );
    fs::write(root.join("latin.p"), b"// \xe9\n").unwrap();
    let of = |path: &str| error(&root.join(path), &root);
    assert_eq!(
        of("nowhere.p"),
        "error[P0001]: cannot read ROOT/nowhere.p: there is no such file\n"
    );
    assert_eq!(
        of("empty"),
        "error[P0003]: there is no P file in ROOT/empty\n"
    );
    assert!(of("two").starts_with("error[P0002]: ROOT/two has several projects\n"));
    assert!(
        of("bad.pproj").starts_with("error[P0002]: ROOT/bad.pproj:"),
        "{}",
        of("bad.pproj")
    );
    assert_eq!(
        of("other.pproj"),
        "error[P0002]: ROOT/other.pproj:1:1: expected <Project>, found <Solution>\n"
    );
    assert_eq!(
        of("gone.pproj"),
        "error[P0003]: there is no P file in ROOT/gone.pproj\n |\n \
         = help: a project names ROOT/gone.p, which is not there\n"
    );
    assert_eq!(
        of("latin.p"),
        "error[P0001]: cannot read ROOT/latin.p: it is not UTF-8 text\n"
    );
    assert_eq!(
        of("empty/readme.txt"),
        "error[P0003]: ROOT/empty/readme.txt is neither a .p nor a .pproj file\n"
    );
}
