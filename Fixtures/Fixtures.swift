/// Fixtures: finds the captures and the goldens beside this file, for every test target.

import Foundation

/// Real captures and the decoded text that was checked by eye. See README.md in this folder.
package enum Fixtures {
  package struct Missing: Error, CustomStringConvertible {
    package let description: String
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// The bytes of `captures/b2.pcap` and its like.
  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }

  /// All captures, as `b2` and `faults/http-cut`.
  package static let captures: [String] = {
    let all = FileManager.default.enumerator(atPath: folder.appending(path: "captures").path)
    return (all?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pcap") }
      .map { String($0.dropLast(5)) }.sorted()
  }()

  /// What `text` must be: nil when it is equal to the golden, else a sentence with the first line
  /// that differs. With FINO_REFRESH_GOLDENS=1 in the environment the golden is written anew.
  package static func difference(from path: String, _ text: String) throws -> String? {
    let file = folder.appending(path: path)
    if ProcessInfo.processInfo.environment["FINO_REFRESH_GOLDENS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return nil
    }
    guard let golden = try? String(contentsOf: file, encoding: .utf8) else {
      throw Missing(description: "no golden at Fixtures/\(path); FINO_REFRESH_GOLDENS=1 writes it")
    }
    if golden == text { return nil }
    let pairs = zip(
      golden.split(separator: "\n", omittingEmptySubsequences: false),
      text.split(separator: "\n", omittingEmptySubsequences: false))
    guard let (index, pair) = pairs.enumerated().first(where: { $1.0 != $1.1 }) else {
      return "Fixtures/\(path): one is a prefix of the other"
    }
    return "Fixtures/\(path):\(index + 1): golden «\(pair.0)», now «\(pair.1)»"
  }
}
