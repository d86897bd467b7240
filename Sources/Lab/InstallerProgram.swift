/// Lab: what the installer does: it says how it was called, and installs by its kickstart.

/// The kernel's first process, a script for busybox. Its words on the kernel's command line:
/// - `fino.kickstart=URL`: fetch the kickstart over the network, show it, and tell the URL of its
///   line `url --installed URL` that the machine is installed. Without it no driver is loaded.
/// - `fino.after=halt` or `poweroff`: what it does then; it reboots when nothing is said.
///
/// It speaks on the serial line itself, so that it is heard also without `console=` there.
enum InstallerProgram {
  static let text = """
    #!/bin/busybox sh
    exec </dev/ttyS0 >/dev/ttyS0 2>&1
    /bin/busybox mount -t proc proc /proc
    read -r line </proc/cmdline
    echo
    echo "\(InstallerImage.greeting)$line"
    case " $line " in
      *" fino.kickstart="*)
        kickstart=${line##*fino.kickstart=}
        . /install "${kickstart%% *}" ;;
    esac
    /bin/busybox sleep 0.5
    case " $line " in
      *" fino.after=halt "*) while :; do /bin/busybox sleep 3600; done ;;
      *" fino.after=poweroff "*) /bin/busybox poweroff -f ;;
      *) /bin/busybox reboot -f ;;
    esac

    """

  /// $1 the URL of the kickstart, `drivers` in the order in which they are loaded.
  static func install(drivers: [String]) -> String {
    """
    /bin/busybox mkdir -p /sbin
    /bin/busybox --install -s /sbin
    # The kernel's messages would come between our words.
    dmesg -n 1
    for driver in \(drivers.joined(separator: " ")); do
      insmod "/drivers/$driver.ko" || echo "\(trouble)the kernel does not load $driver"
    done
    if ! udhcpc -f -q -n -t 10 -T 2 -i eth0 -s /lease; then
      echo "\(trouble)no lease for eth0; only virtio cards have a driver here"
    elif ! wget -q -O /kickstart "$1"; then
      echo "\(trouble)no kickstart from $1"
    else
      installed=
      while read -r text || [ -n "$text" ]; do
        printf '%s%s\\n' "\(InstallerImage.kickstartLine)" "$text"
        case $text in "url --installed "*) installed=${text#url --installed } ;; esac
      done </kickstart
      if [ -z "$installed" ]; then
        :
      elif wget -q -O /dev/null "$installed"; then
        echo "\(InstallerImage.told)$installed"
      else
        echo "\(trouble)could not tell $installed"
      fi
    fi

    """
  }

  /// What udhcpc calls: the reason as $1, the lease in variables, the netmask as a prefix's length.
  static let lease = """
    #!/bin/busybox sh
    case $1 in
      deconfig) ip link set "$interface" up ;;
      bound)
        ip address add "$ip/$mask" dev "$interface"
        if [ -n "$router" ]; then ip route add default via "${router%% *}"; fi ;;
    esac

    """

  private static let trouble = "FINO-LAB: installer trouble: "
}
