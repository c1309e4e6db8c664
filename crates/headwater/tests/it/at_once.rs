//! Two people do the same thing at the same moment: one of them does it, the other is told.

use std::process::{Child, Stdio};

use crate::{Desk, Done};

#[test]
fn of_two_who_approve_a_release_at_once_one_lets_it_go_and_the_other_is_told() {
    let desk = Desk::with_workspace();
    for round in 0..6 {
        desk.put("counts.csv", format!("area,age,count\nNorth,under 18,{}\nNorth,18 and over,47\n", 20 + round));
        let measure = format!("Assaults {round}");
        let arguments = ["release", "check", "counts.csv", "--rule", "suppress-exact", "--measure", &measure, "--propose", "--actor", "ann"];
        desk.ws(&arguments).succeeds();
        let all = desk.ws(&["release", "ledger", "--json"]).succeeds().json();
        let id = all["releases"].as_array().unwrap().last().unwrap()["release"].as_str().unwrap().to_owned();
        let approve = |who: &str| {
            let mut program = desk.program();
            program.args(["--workspace", "ws", "--actor", who, "release", "clear", &id, "--approve"]);
            program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both: [Child; 2] = ["bob", "cat"].map(approve);
        let done = both.map(|child| Done::of(&child.wait_with_output().unwrap()));
        let told: Vec<&Done> = done.iter().filter(|done| done.code != 0).collect();
        assert_eq!(told.len(), 1, "{} {}", done[0].err, done[1].err);
        assert!(told[0].err.contains("someone wrote to the log") || told[0].err.contains("approved already"), "{}", told[0].err);
    }
    let events = desk.ws(&["log", "show", "--json"]).succeeds().json();
    let approvals = events.as_array().unwrap().iter().filter(|event| event["body"]["decision"] == "approve").count();
    assert_eq!(approvals, 6);
}
