/// LabTests: a DHCP client that takes a lease and renews it.

import Lab

extension Laboratory {
  /// Whether a host gets a lease and then the same again by unicast (RFC 2131 §4.3.2, RENEWING), which
  /// only the server's own socket may hear. udhcpc renews on SIGUSR1 and calls its script with `renew`.
  func renewsALease(on host: LabHost) async throws -> Bool {
    let answer = try await run(["sh", "-c", Self.renewal], on: host)
    return answer.exit == .status(0) && answer.output.contains("script: renew")
  }

  private static let renewal = #"""
    directory=$(mktemp -d)
    cat >"$directory/script" <<'END'
    #!/bin/sh
    [ "$1" = bound ] && ip address add "$ip/24" dev "$interface"
    echo "script: $1" >>"${0%/*}/told"
    exit 0
    END
    chmod 700 "$directory/script"
    busybox udhcpc -f -i eth0 -s "$directory/script" &
    client=$!
    # Twelve seconds at most, five times a second.
    wait_for() {
      for turn in $(seq 60); do
        grep -qs "script: $1" "$directory/told" && return 0
        sleep 0.2
      done
    }
    wait_for bound
    kill -USR1 "$client"
    wait_for renew
    kill "$client"
    cat "$directory/told"
    rm -r "$directory"
    """#
}
