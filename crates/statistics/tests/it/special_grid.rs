//! Every special function against mpmath (60 digits), and beside scipy.

use headwater_statistics::special::*;

/// Our value of one line of the grid.
fn ours(function: &str, a: f64, b: f64, x: f64) -> f64 {
    match function {
        "gamma_p" => gamma_p(a, x),
        "gamma_q" => gamma_q(a, x),
        "gamma_p_inverse" => gamma_p_inverse(a, x),
        "gamma_q_inverse" => gamma_q_inverse(a, x),
        "beta_p" => beta_p(a, b, x),
        "beta_q" => beta_q(a, b, x),
        "beta_p_inverse" => beta_p_inverse(a, b, x),
        "normal_cdf" => normal_cdf(x),
        "normal_pdf" => normal_pdf(x),
        "normal_quantile" => normal_quantile(x),
        "log_gamma" => log_gamma(x),
        "poisson_pmf" => poisson_pmf(x, b),
        "poisson_cdf" => poisson_cdf(x, b),
        "binomial_pmf" => binomial_pmf(x, a, b),
        "binomial_cdf" => binomial_cdf(x, a, b),
        "student_quantile" => student_quantile(x, a),
        "student_cdf" => student_cdf(x, a),
        other => panic!("the grid names an unknown function: {other}"),
    }
}

#[test]
fn special_functions_agree_with_the_reference_to_1e_13_in_the_tails_too() {
    let grid = include_str!("../oracle/special.csv");
    let mut failed = Vec::new();
    let mut worst = std::collections::BTreeMap::new();
    let mut lines = 0;
    for line in grid.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().unwrap();
        let (a, b, x, reference) = (number(1), number(2), number(3), number(4));
        let found = ours(fields[0], a, b, x);
        let error = if found == reference { 0.0 } else { ((found - reference) / reference).abs() };
        lines += 1;
        let entry = worst.entry(fields[0].to_string()).or_insert((0.0, String::new()));
        if error > entry.0 || error.is_nan() {
            *entry = (error, line.to_string());
        }
        if error.is_nan() || error > 1e-13 {
            failed.push(format!("{line}: {found:e}, off by {error:.1e}"));
        }
    }
    for (function, (error, line)) in &worst {
        println!("{function}: worst {error:.1e} at {line}");
    }
    assert!(lines > 500, "the grid has only {lines} lines");
    assert!(failed.is_empty(), "{} of {lines} lines failed:\n{}", failed.len(), failed.join("\n"));
}
