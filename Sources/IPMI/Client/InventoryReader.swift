/// IPMI: reads pieces of an inventory, as large as the BMC can give them.

struct InventoryReader {
  let device: UInt8
  let isInWords: Bool
  /// Bytes.
  let size: Int
  /// Bytes at a time; smaller where the BMC refuses.
  private var chunk = 32

  init(device: UInt8, isInWords: Bool, size: Int) {
    self.device = device
    self.isInWords = isInWords
    self.size = size
  }

  /// Fewer than `count` where the inventory ends before.
  mutating func read(
    _ offset: Int, _ count: Int, from session: some CommandExchange
  ) async throws(IPMIError) -> [UInt8] {
    let unit = isInWords ? 2 : 1
    let end = min(offset + count, size)
    // Areas begin at multiples of eight bytes.
    var data: [UInt8] = []
    while offset + data.count < end {
      let wanted = min(chunk, end - offset - data.count)
      let command = ReadFRUData(
        device: device, offset: UInt16(clamping: (offset + data.count) / unit),
        count: UInt8(clamping: (wanted + unit - 1) / unit))
      switch try await session.attempt(command) {
      case .success(let piece):
        let bytes = piece.data.prefix(min(wanted, Int(piece.count) * unit))
        guard !bytes.isEmpty else { return data }
        // A piece that ends in the middle of a word cannot be continued.
        data += bytes
        if bytes.count % unit != 0 { return data }
      case .failure(let error):
        guard error.isAboutLength, chunk > 8 else { throw error }
        chunk /= 2
      }
    }
    return data
  }
}
