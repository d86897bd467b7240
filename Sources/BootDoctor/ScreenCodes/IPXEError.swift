/// BootDoctor: iPXE's error numbers, `https://ipxe.org/2d0c618e`.

/// Eight hexadecimal digits (iPXE's errno.h): bits 24 to 30 are the class (POSIX), 13 to 23 the source
/// file, 8 to 12 tell places in it apart, 0 to 7 belong to the platform. Places change between
/// releases, so a number that is not in the table is looked up by class and file.
struct IPXEError: Equatable {
  private let number: UInt32

  /// nil for what is not eight hexadecimal digits.
  init?(_ text: String) {
    guard text.utf8.count == 8, let number = UInt32(text, radix: 16), number < 0x8000_0000 else {
      return nil
    }
    self.number = number
  }

  private static let classAndFile: UInt32 = 0x7fff_e000
  private static let withPlace: UInt32 = 0x7fff_ff00

  /// What is nearest to the number.
  var meanings: [ScreenCode] {
    let same = Self.table.filter { $0.number == number }
    if !same.isEmpty { return same.map { code($0.meaning) } }
    for mask in [Self.withPlace, Self.classAndFile] {
      if let found = Self.table.first(where: { $0.number & mask == number & mask }) {
        return [code(found.meaning)]
      }
    }
    return []
  }

  private func code(_ meaning: ScreenCode) -> ScreenCode {
    var meaning = meaning
    let digits = String(number, radix: 16)
    meaning.code = String(repeating: "0", count: 8 - digits.count) + digits
    return meaning
  }

  static var table: [(number: UInt32, meaning: ScreenCode)] {
    ScreenCode.ofIPXE.compactMap { meaning in
      UInt32(meaning.code, radix: 16).map { ($0, meaning) }
    }
  }
}
