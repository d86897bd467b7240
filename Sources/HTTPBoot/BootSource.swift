/// HTTPBoot: what the appliance hands to the boot server.

package import Images
package import Wire

/// Where the answers come from. Everything here is asked from request handlers, in parallel.
package struct BootSource: Sendable {
  /// The script for a machine that asks for its own.
  package var script: @Sendable (ScriptRequest) async throws -> IPXEScript
  /// The same where nothing has to be waited for; nil: ask `script`. Asked on the event loop.
  package var scriptAtOnce: @Sendable (ScriptRequest) -> IPXEScript?
  /// A boot program by its name.
  package var loader: @Sendable (_ name: String) -> LoaderFile?
  /// The machine that has an address, where DHCP has shown it.
  package var machine: @Sendable (_ address: IPAddress) -> MACAddress?
  package var images: ImageLibrary
  /// Told of each image as it goes out; awaited, so that what it records is durable before the
  /// machine's next request on that connection is read.
  package var report: @Sendable (ImageEvent) async -> Void

  package init(
    script: @escaping @Sendable (ScriptRequest) async throws -> IPXEScript,
    scriptAtOnce: @escaping @Sendable (ScriptRequest) -> IPXEScript? = { _ in nil },
    loader: @escaping @Sendable (_ name: String) -> LoaderFile?,
    machine: @escaping @Sendable (_ address: IPAddress) -> MACAddress? = { _ in nil },
    images: ImageLibrary,
    report: @escaping @Sendable (ImageEvent) async -> Void
  ) {
    self.script = script
    self.scriptAtOnce = scriptAtOnce
    self.loader = loader
    self.machine = machine
    self.images = images
    self.report = report
  }
}

/// A boot program.
package enum LoaderFile: Equatable, Sendable {
  /// In memory: those of the executable.
  case bytes([UInt8])
  /// On disk, sent as images are.
  case file(ImageFile)
}

package struct ScriptRequest: Equatable, Sendable {
  package var mac: MACAddress
  /// The address that it asks from; nil when that is not IPv4.
  package var client: IPAddress?
  /// The URL under which it reaches us.
  package var root: String

  package init(mac: MACAddress, client: IPAddress?, root: String) {
    self.mac = mac
    self.client = client
    self.root = root
  }
}

/// One image on its way to a machine.
package struct ImageTransfer: Equatable, Sendable {
  /// Below the images directory: `debian-12/vmlinuz`.
  package var path: String
  package var client: IPAddress?
  /// Bytes of the file.
  package var size: Int
  /// The bytes asked for.
  package var range: Range<Int>

  package init(path: String, client: IPAddress?, size: Int, range: Range<Int>) {
    self.path = path
    self.client = client
    self.size = size
    self.range = range
  }

  package var isWhole: Bool { range == 0..<size }
}

package enum ImageEvent: Equatable, Sendable {
  case started(ImageTransfer)
  /// The machine has acknowledged the last byte.
  case delivered(ImageTransfer, duration: Duration)
  case broken(ImageTransfer, reason: String)
  case missing(path: String, client: IPAddress?)
}
