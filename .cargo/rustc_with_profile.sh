#!/bin/sh
# Called by cargo in place of rustc for the crates of this workspace (config.toml, beside
# this file). Releases of the program are optimised by a profile: which ways runs took
# through it, and how often. Everything else is compiled as if this file were not here, and
# so is all of it where the compiler is older than the one that the profile is for.
#
# scripts/make_profile.sh makes the profile anew, and tells this file where to have an
# instrumented program put down what it does (ADJUDICATE_PROFILE_INTO).
case " $* " in
# Who counts something else wants no profile, and the compiler takes but one.
*instrument-coverage* | *profile-generate* | *profile-use* | *profile-sample-use*) exec "$@" ;;
*" --crate-name adjudicate "*" opt-level=3 "*) ;;
*) exec "$@" ;;
esac

if [ -n "$ADJUDICATE_PROFILE_INTO" ]; then
    exec "$@" -C profile-generate="$ADJUDICATE_PROFILE_INTO"
fi

# Cargo compiles these crates from the workspace's folder. Named by LLVM's version, which
# reads its own profiles and older ones.
for profile in .cargo/release.llvm*.profdata; do
    made_by=${profile#.cargo/release.llvm}
    made_by=${made_by%.profdata}
    have=$("$1" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    if [ -f "$profile" ] && [ "${have:-0}" -ge "$made_by" ]; then
        # Functions that have changed since are compiled without it, and say nothing.
        exec "$@" -C profile-use="$profile" -C llvm-args=-no-pgo-warn-mismatch
    fi
done
exec "$@"
