/// Images: what the files of one cached image are called.

/// `<key>-<generation>`: one version of one URL. Its files are `.json` (what it is), and `.part`
/// (still growing) or `.data` (whole).
struct CacheName: Hashable, Sendable {
  var key: ImageDigest
  var generation: UInt64

  enum Suffix: String, CaseIterable {
    case meta = ".json"
    /// A meta file that is being written.
    case newMeta = ".json.new"
    case part = ".part"
    case data = ".data"
  }

  /// nil for names that are not the cache's: those are never touched.
  static func read(_ file: String) -> (CacheName, Suffix)? {
    guard let dot = file.firstIndex(of: "."), let suffix = Suffix(rawValue: String(file[dot...]))
    else { return nil }
    let parts = file[..<dot].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let key = ImageDigest(String(parts[0])), parts[1].utf8.count == 16,
      let generation = UInt64(parts[1], radix: 16)
    else { return nil }
    let name = CacheName(key: key, generation: generation)
    return name.file(suffix) == file ? (name, suffix) : nil
  }

  func file(_ suffix: Suffix) -> String {
    let digits = String(generation, radix: 16)
    return "\(key)-" + String(repeating: "0", count: 16 - digits.count) + digits + suffix.rawValue
  }
}

/// What is written beside the bytes.
struct CacheMeta: Codable, Equatable, Sendable {
  /// For people; credentials hidden.
  var url: String
  var version: ImageVersion
  /// When upstream was asked last, and until when it need not be; seconds since 1970.
  var validated = 0.0
  var freshUntil = 0.0
  /// The run of the machine in which a part was begun: after a crash of the machine, not only of
  /// the program, a file may have its length but not its bytes.
  var bootID: String
  /// Of a whole image.
  var whole: Whole?

  struct Whole: Codable, Equatable, Sendable {
    var size: Int
    var digest: ImageDigest
  }
}
