/// Tests of Images: a folder that goes when its owner goes.

import Foundation

final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fino-images-" + UUID().uuidString.lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // Again when somebody made one more file meanwhile.
    for _ in 0..<10 where FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Folders on the way are made.
  func write(_ name: String, _ bytes: [UInt8] = [1, 2, 3]) throws {
    let place = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)]),
      withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: place))
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
