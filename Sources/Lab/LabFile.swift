/// Lab: files of the laboratory; an error names the file.

internal import FoundationEssentials

enum LabFile {
  static func write(_ text: String, to path: String, mode: Int = 0o600) throws(LabError) {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o600) throws(LabError) {
    guard mode & 0o111 != 0 else { return try writeNow(bytes, to: path, mode: mode) }
    try ChildProcess.whileNothingStarts { () throws(LabError) in
      try writeNow(bytes, to: path, mode: mode)
    }
  }

  private static func writeNow(_ bytes: [UInt8], to path: String, mode: Int) throws(LabError) {
    do {
      try Data(bytes).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    } catch {
      throw LabError("cannot write \(path): \(error)")
    }
  }

  static func read(_ path: String) throws(LabError) -> [UInt8] {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw LabError("cannot read \(path)")
    }
    return Array(content)
  }

  static func makeDirectory(_ path: String) throws(LabError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw LabError("cannot make the directory \(path): \(error)")
    }
  }
}
