# `just` lists these; each is one line that can as well be typed.

_list:
    @just --list

# The quick look while writing: layout and lints.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Everything, from nothing: what must pass before a change lands.
test:
    ./test

# The rules of the house alone.
tidy:
    cargo test --package headwater --test tidy

# Random bytes for every reader, for so many seconds each.
fuzz seconds="60":
    fuzz/run {{seconds}}

# Accept changed snapshots after reading the difference like code.
bless:
    INSTA_UPDATE=always cargo test --workspace
    git diff --stat

# The invented county, served on loopback.
demo:
    cargo run --release -- demo

# Look at every page of a built site and keep pictures of them.
look site pictures="out/pictures":
    cd accessibility && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    node accessibility/check.mjs {{site}} --pictures {{pictures}}

# The reference of all crates, as a stranger would read it.
docs:
    cargo doc --workspace --no-deps --open

# Licences, bans and known weaknesses; needs a network.
deny:
    cargo deny check
