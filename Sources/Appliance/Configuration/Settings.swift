/// Appliance: the configuration, checked and typed.

package import DHCPProxy
package import HTTPBoot
package import IPMI
package import Power

/// What the appliance runs with.
package struct Settings: Sendable {
  /// Names; empty is every interface that is up, not loopback, and has an IPv4 address.
  package var interfaces: [String]
  package var httpPort: Int
  package var httpLimits: HTTPLimits
  package var tftpPort: Int
  /// Of transfers; nil where the kernel chooses.
  package var tftpPorts: ClosedRange<UInt16>?
  /// Whether transfers have no port of their own.
  package var tftpSinglePort: Bool
  /// More files for TFTP, beside the loaders in the executable.
  package var tftpDirectory: String?
  /// Which machine gets which boot program, as it stands in the file; see `LoaderRules`.
  package var loaders: [(key: String, value: String)]
  /// Whether UEFI machines get the signed programs of this distribution by default.
  package var secureBoot: Bool
  package var dhcp: DHCPSettings
  package var state: String
  package var images: String
  /// Where images of mirrors are kept.
  package var imageCache: ImageCacheSettings
  package var unknown: UnknownPolicy
  package var powerDriver: PowerDriverName
  /// Executables that switch machines, by name.
  package var powerCommands: [String: CommandTemplate]
  /// Bytes for the packets of boots; 0 keeps none.
  package var captureRing: Int
  package var ipmi: IPMISettings
  package var reimage: ReimageSettings

  /// What a machine without a job gets.
  package struct DHCPSettings: Sendable {
    /// Whether questions to port 67 are captured, and the port left to a DHCP server of this machine.
    package var captures: Bool
    /// Whether DHCPv6 is answered too.
    package var isIPv6: Bool
    package var rules = BootRules()
  }

  package enum UnknownPolicy: String, Equatable, Sendable {
    case disk
    case silent
    /// It makes a record of itself, and goes to its disk.
    case register
  }

  package enum PowerDriverName: String, Equatable, Sendable {
    case ipmi
    /// Only writes what it would do into the log.
    case log
  }

  package struct ImageCacheSettings: Equatable, Sendable {
    package var directory: String
    /// Bytes.
    package var size: Int
  }

  package struct IPMISettings: Equatable, Sendable {
    package var username: String
    /// Read each time that a BMC is asked, so that a new password needs no restart.
    package var passwordFile: String
    /// The BMCs' own key, read as the password is; nil where they have none.
    package var kgFile: String?
    package var port: Int
    package var privilege: String
    /// Whether IPMI 1.5 is spoken with BMCs that have nothing else.
    package var usesLegacy: Bool
    package var quirks: Set<BMCQuirk>
  }

  package struct ReimageSettings: Equatable, Sendable {
    /// How long a machine that fetched its script is taken to be installing.
    package var lease: Duration
    /// After this a job that was not carried out is over.
    package var timeLimit: Duration
    /// Whether consoles are recorded meanwhile, where nothing else says.
    package var recordsConsole: Bool
    /// The longest that one is.
    package var recordTime: Duration
  }
}
