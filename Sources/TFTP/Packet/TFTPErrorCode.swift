/// TFTP: why one side ends a transfer (RFC 1350 §5, RFC 2347).

/// Open: clients send codes of their own.
package struct TFTPErrorCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Not defined, see the message.
  package static let notDefined = TFTPErrorCode(rawValue: 0)
  package static let fileNotFound = TFTPErrorCode(rawValue: 1)
  package static let accessViolation = TFTPErrorCode(rawValue: 2)
  package static let diskFull = TFTPErrorCode(rawValue: 3)
  package static let illegalOperation = TFTPErrorCode(rawValue: 4)
  package static let unknownTransferID = TFTPErrorCode(rawValue: 5)
  package static let fileAlreadyExists = TFTPErrorCode(rawValue: 6)
  package static let noSuchUser = TFTPErrorCode(rawValue: 7)
  /// RFC 2347: the options are not what the client wanted. EDK2 ends its size probe with it.
  package static let optionsRefused = TFTPErrorCode(rawValue: 8)
}

extension TFTPErrorCode: CustomStringConvertible {
  package var description: String { "ERROR \(rawValue)" }
}
