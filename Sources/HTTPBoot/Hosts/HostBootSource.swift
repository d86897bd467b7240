/// HTTPBoot: what the appliance hands over for machines that have a record of their own.

package import Images
package import Wire

/// Bergenholm's side of booting: scripts, remote images and registration, by a host's id. What the
/// closures throw is answered as it is when it is a `BootRefusal`.
package struct HostBootSource: Sendable {
  /// Which of a host's images is asked for.
  package enum Image: Equatable, Sendable {
    case kernel
    /// An initrd, or any further file; counted from 0.
    case module(Int)
  }

  package var script: @Sendable (_ id: String, _ client: IPAddress?) async throws -> String
  /// Where the image is. The conditions and the method of the request are filled in later.
  package var image: @Sendable (_ id: String, Image) async throws -> RemoteImageRequest
  package var register:
    @Sendable (_ id: String, _ fields: [(key: String, value: String)], _ client: IPAddress?)
      async throws -> Void
  package var images: RemoteImages

  package init(
    script: @escaping @Sendable (_ id: String, _ client: IPAddress?) async throws -> String,
    image: @escaping @Sendable (_ id: String, Image) async throws -> RemoteImageRequest,
    register:
      @escaping @Sendable (
        _ id: String, _ fields: [(key: String, value: String)], _ client: IPAddress?
      ) async throws -> Void,
    images: RemoteImages
  ) {
    self.script = script
    self.image = image
    self.register = register
    self.images = images
  }
}
