/// IPMI: which channel this is, and what it runs over.

package import Wire

/// IPMI 2.0 §22.24.
package struct GetChannelInfo: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x42
  package static let name = "Get Channel Info"
  /// The one that is asked on.
  package static let current: UInt8 = 0x0e

  package var channel: UInt8

  package init(channel: UInt8 = current) {
    self.channel = channel
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    channel = try reader.readUInt8("channel") & 0x0f
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(channel & 0x0f)
  }

  package struct Response: CommandData {
    package var channel: UInt8
    /// 4 is a LAN, 5 a serial line.
    package var medium: UInt8
    package var messageProtocol: UInt8

    package init(channel: UInt8, medium: UInt8, messageProtocol: UInt8) {
      self.channel = channel
      self.medium = medium
      self.messageProtocol = messageProtocol
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      channel = try reader.readUInt8("channel") & 0x0f
      medium = try reader.readUInt8("channel medium") & 0x7f
      messageProtocol = try reader.readUInt8("channel protocol") & 0x1f
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([channel & 0x0f, medium & 0x7f, messageProtocol & 0x1f])
    }
  }
}
