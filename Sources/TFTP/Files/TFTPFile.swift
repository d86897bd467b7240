/// TFTP: what the server asks for when a client wants a file, and what it is given.

package import Wire

/// Everything that may decide which file it is.
package struct TFTPRequest: Equatable, Sendable {
  /// Cleaned: relative, single slashes, no `.` or `..`.
  package var name: String
  /// As the client sent it, for people to read.
  package var originalName: String
  package var client: Endpoint
  /// The address of ours that was asked.
  package var localAddress: IPAddress
  /// nil when the server does not listen on a certain interface.
  package var interface: String?

  package init(
    name: String, originalName: String, client: Endpoint, localAddress: IPAddress,
    interface: String?
  ) {
    self.name = name
    self.originalName = originalName
    self.client = client
    self.localAddress = localAddress
    self.interface = interface
  }
}

package struct TFTPFile: Sendable {
  package var contents: FileContents

  package init(_ contents: FileContents) {
    self.contents = contents
  }
}

/// Called on several threads, which serve transfers; answers at once. nil is "file not found".
package typealias TFTPFileProvider = @Sendable (TFTPRequest) -> TFTPFile?
