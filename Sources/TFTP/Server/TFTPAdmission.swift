/// TFTP: what to do with a datagram that arrives on port 69.

package import Wire

/// A decision about one datagram, before any file is looked at.
package enum TFTPAdmission: Equatable, Sendable {
  /// A client wants to read this file.
  case read(TFTPTransferRequest, TFTPFilename)
  /// A request that gets an ERROR.
  case refuse(TFTPTransferRequest, TFTPRefusal)
  /// Gets no answer.
  case ignore(Ignored)

  package enum Ignored: Equatable, Sendable {
    case malformed(WireError)
    /// Only requests belong on this port. To answer anything else would let two servers, or one and
    /// a forger, keep each other busy.
    case notARequest
    /// Nothing can be sent to the source address or port.
    case unanswerable
    /// It was sent to a broadcast address or a group (RFC 1123 §4.2.3.5): every worker hears it, and
    /// every other server.
    case toMany
  }

  package init(_ datagram: [UInt8], from source: Endpoint, isForMany: Bool = false) {
    guard !isForMany else {
      self = .ignore(.toMany)
      return
    }
    guard source.port != 0, source.address.isOfOneHost else {
      self = .ignore(.unanswerable)
      return
    }
    do throws(WireError) {
      switch try TFTPPacket(parsing: datagram) {
      case .read(let request): self = Self.admit(request)
      case .write(let request): self = .refuse(request, .writing)
      default: self = .ignore(.notARequest)
      }
    } catch {
      self = .ignore(.malformed(error))
    }
  }

  private static func admit(_ request: TFTPTransferRequest) -> TFTPAdmission {
    guard request.mode == .octet || request.mode == .netascii else {
      return .refuse(request, .mode)
    }
    do throws(TFTPFilename.Refusal) {
      return .read(request, try TFTPFilename(cleaning: request.filename))
    } catch {
      return .refuse(request, .name(error))
    }
  }
}

/// Why a client does not get what it asks for.
package enum TFTPRefusal: Error, Equatable, Sendable {
  case notFound
  case name(TFTPFilename.Refusal)
  case writing
  case mode
  /// Too large for netascii.
  case notText
  /// The server has no place for another transfer. The client is not told: it will ask again.
  case full
  /// The server could not open a socket for the transfer. The client will ask again.
  case noSocket(String)

  /// What the client is told; nil: nothing.
  package var answer: TFTPPacket? {
    switch self {
    case .notFound: .error(code: .fileNotFound, message: "File not found")
    case .name(.climbs): .error(code: .accessViolation, message: "No \"..\" in file names")
    case .name: .error(code: .fileNotFound, message: "No such file name")
    case .writing: .error(code: .illegalOperation, message: "This server is read-only")
    case .mode: .error(code: .illegalOperation, message: "Use mode octet")
    case .notText: .error(code: .illegalOperation, message: "Too large for netascii, use octet")
    case .full, .noSocket: nil
    }
  }
}

extension TFTPRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound: "there is no such file"
    case .name(.climbs): "the name has a \"..\" in it"
    case .name(.empty): "the name is empty"
    case .name(.unreadable): "the name is not text"
    case .writing: "clients cannot write here"
    case .mode: "the mode is neither octet nor netascii"
    case .notText: "the file is too large for mode netascii"
    case .full: "there are too many transfers"
    case .noSocket(let reason): reason
    }
  }
}
