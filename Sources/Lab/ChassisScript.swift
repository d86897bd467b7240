/// Lab: what a BMC does to the machine that it owns: the program behind ipmi_sim's chassis_control.

/// Called as `control get power|boot` and `control set power|reset|shutdown|boot|identify VALUE`.
/// It must answer within a second, or the BMC's clients repeat their requests.
struct ChassisScript {
  let directory: String
  /// Starts the machine; a boot order is added to it.
  let command: [String]

  var text: String {
    """
    #!/bin/bash
    cd \(Self.quoted(directory)) || exit 1
    machine=(\(command.map(Self.quoted).joined(separator: " ")))
    \(Self.body)
    """
  }

  private static let body = #"""
    echo "$(date +%s.%N) $*" >>control.log

    # The process of the machine. A zombie is not alive, and a number that was used again is not ours.
    alive() {
      local pid stat
      read -r pid 2>/dev/null <pid && stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
      stat=${stat##*) }
      [ "${stat%% *}" != Z ] && grep -qaF "$PWD/" "/proc/$pid/cmdline" && echo "$pid"
    }

    # PXE first, then the disk, as these machines are set up; an override counts for one boot.
    start() {
      alive >/dev/null && return 0
      local override order=order=nc
      override=$(cat override 2>/dev/null)
      rm -f override
      case $override in
        disk) order=order=nc,once=c ;;
        cdrom) order=order=nc,once=d ;;
      esac
      # No descriptor of the BMC (its UDP port, its pipes) may live on in the machine.
      (
        for path in /proc/self/fd/*; do
          number=${path##*/}
          [ "$number" -gt 2 ] && eval "exec $number>&-"
        done
        exec setsid "${machine[@]}" -boot "$order"
      ) </dev/null >>qemu.log 2>&1 &
      echo $! >pid
      echo "started $! $order (override: ${override:-none})" >>control.log
    }

    stop() {
      local pid turn
      pid=$(alive) || return 0
      kill -KILL "$pid"
      for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        alive >/dev/null || break
        sleep 0.03
      done
      rm -f pid
    }

    # A FIFO without a reader would hold us for ever.
    monitor() { alive >/dev/null && echo "$1" | timeout 0.5 tee monitor.in >/dev/null; }

    reset() {
      alive >/dev/null || return 1
      if [ -e override ]; then stop && start; else monitor system_reset; fi
    }

    case $1 in
      get)
        shift
        for name; do
          case $name in
            power) alive >/dev/null && echo power:1 || echo power:0 ;;
            boot) echo "boot:$(cat override 2>/dev/null || echo none)" ;;
            *) exit 1 ;;
          esac
        done
        ;;
      set)
        shift
        exec 9>lock
        flock -w 0.8 9 || exit 1
        while [ $# -gt 0 ]; do
          case $1 in
            power) if [ "$2" = 1 ]; then start; else stop; fi ;;
            reset) reset ;;
            shutdown) monitor system_powerdown ;;
            boot) if [ "$2" = none ]; then rm -f override; else echo "$2" >override; fi ;;
            identify) ;;
            *) exit 1 ;;
          esac || exit 1
          [ "$1" = identify ] && exit 0
          shift
          [ $# -gt 0 ] && shift
        done
        ;;
      *) exit 1 ;;
    esac
    exit 0

    """#

  static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
