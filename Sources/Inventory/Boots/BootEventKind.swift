/// Inventory: what kind of step of a boot an event is; any room may add its own.

package struct BootEventKind: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// A DISCOVER of the firmware's own PXE client: the machine has just been switched on or reset.
  package static let dhcpDiscover = BootEventKind(rawValue: "dhcp-discover")
  /// A DISCOVER of iPXE: the second stage, or a NIC whose ROM is iPXE.
  package static let ipxeDiscover = BootEventKind(rawValue: "ipxe-discover")
  package static let dhcpOffer = BootEventKind(rawValue: "dhcp-offer")
  /// A REQUEST, on port 4011 or seen on 67.
  package static let dhcpRequest = BootEventKind(rawValue: "dhcp-request")
  package static let dhcpAck = BootEventKind(rawValue: "dhcp-ack")
  package static let dhcpIgnored = BootEventKind(rawValue: "dhcp-ignored")

  package static let tftpRequested = BootEventKind(rawValue: "tftp-requested")
  package static let tftpFinished = BootEventKind(rawValue: "tftp-finished")
  package static let tftpFailed = BootEventKind(rawValue: "tftp-failed")
  /// EDK2 asks for the size and ends the transfer on purpose.
  package static let tftpProbe = BootEventKind(rawValue: "tftp-probe")
  /// A boot program arrived whole and did not run: Secure Boot, or another processor's.
  package static let loaderFailed = BootEventKind(rawValue: "loader-failed")

  /// Why a machine did not boot, by its packets.
  package static let verdict = BootEventKind(rawValue: "verdict")

  package static let scriptChain = BootEventKind(rawValue: "script-chain")
  package static let scriptInstall = BootEventKind(rawValue: "script-install")
  package static let scriptDisk = BootEventKind(rawValue: "script-disk")
  /// The script that an operator stored.
  package static let scriptStored = BootEventKind(rawValue: "script-stored")
  package static let scriptRegister = BootEventKind(rawValue: "script-register")
  package static let registered = BootEventKind(rawValue: "registered")

  package static let imageStarted = BootEventKind(rawValue: "image-started")
  package static let imageFinished = BootEventKind(rawValue: "image-finished")
  package static let imageFailed = BootEventKind(rawValue: "image-failed")

  package static let jobCreated = BootEventKind(rawValue: "job-created")
  package static let jobClaimed = BootEventKind(rawValue: "job-claimed")
  package static let jobLeaseEnded = BootEventKind(rawValue: "job-lease-ended")
  package static let jobInstalled = BootEventKind(rawValue: "job-installed")
  package static let jobExpired = BootEventKind(rawValue: "job-expired")
  package static let jobCancelled = BootEventKind(rawValue: "job-cancelled")
  package static let jobSuperseded = BootEventKind(rawValue: "job-superseded")

  package static let powerSucceeded = BootEventKind(rawValue: "power-succeeded")
  package static let powerFailed = BootEventKind(rawValue: "power-failed")
  /// A host was switched on or reset to be installed, without a job.
  package static let powerAsked = BootEventKind(rawValue: "power-asked")

  package static let consoleStarted = BootEventKind(rawValue: "console-started")
  package static let consoleFailed = BootEventKind(rawValue: "console-failed")
}

extension BootEventKind {
  /// What an event means for the question whether a new boot began.
  enum Part: Equatable {
    /// Somebody asked for this boot.
    case asked
    case firmwareDiscover
    case ipxeDiscover
    case dhcp
    /// The machine fetches what runs before an operating system.
    case loading
    /// The machine has its last script or fetches a kernel.
    case handover
    /// The end of something that an earlier event began, and our own remarks: never a new boot.
    case remark
  }

  /// Kinds that are not known here are remarks.
  var part: Part {
    switch self {
    case .jobCreated, .powerAsked: .asked
    case .dhcpDiscover: .firmwareDiscover
    case .ipxeDiscover: .ipxeDiscover
    case .dhcpOffer, .dhcpRequest, .dhcpAck, .dhcpIgnored: .dhcp
    case .tftpRequested, .tftpProbe, .scriptChain, .jobClaimed: .loading
    case .scriptInstall, .scriptDisk, .scriptStored, .scriptRegister,
      .imageStarted:
      .handover
    default: .remark
    }
  }
}
