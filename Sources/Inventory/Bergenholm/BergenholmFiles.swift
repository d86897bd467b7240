/// Inventory: an installation of Bergenholm as a folder: `hosts/`, `groups/`, `templates/`, one
/// file a record, named by it.

private import Foundation
private import Jinja

/// What such a folder has, read or to be written. Hosts and groups are JSON (`.json` at the end of
/// a name is not part of it), templates are what they are. A name that can't be a file name is
/// percent-encoded, as in the addresses under which Bergenholm's own script stores the files.
package struct BergenholmFiles: Sendable {
  struct File: Sendable {
    let kind: RecordKind
    let name: String
    let value: [UInt8]
    /// For messages: `hosts/web1`.
    let path: String
  }

  /// By kind and name.
  private(set) var files: [File] = []
  /// What was left out on purpose, one sentence each.
  private(set) var skipped: [String] = []
  /// What is wrong, one sentence each. With one of them nothing may be imported.
  private(set) var problems: [String] = []

  package init(reading folder: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      problems = ["There is no folder \(folder)."]
      return
    }
    var found = false
    for kind in RecordKind.allCases {
      let path = folder + "/" + kind.plural
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        skipped.append("There is no folder \(kind.plural).")
        continue
      }
      found = true
      do {
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
          read(kind, name, in: path)
        }
      } catch {
        problems.append("The folder \(kind.plural) can't be read.")
      }
    }
    if !found {
      problems.append("\(folder) has none of the folders hosts, groups and templates.")
    }
    findDoubles()
  }

  private mutating func read(_ kind: RecordKind, _ fileName: String, in folder: String) {
    let shown = kind.plural + "/" + fileName
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(
      atPath: folder + "/" + fileName, isDirectory: &isFolder)
    if fileName.hasPrefix(".") || fileName.hasSuffix("~") || isFolder.boolValue {
      skipped.append("\(shown) was skipped: it is \(isFolder.boolValue ? "a folder" : "hidden").")
      return
    }
    guard exists, let data = FileManager.default.contents(atPath: folder + "/" + fileName) else {
      problems.append("\(shown) can't be read.")
      return
    }
    let name = Self.recordName(kind, fileName)
    if let problem = RecordName.problem(name) {
      problems.append("\(shown) can't be the name of a \(kind.rawValue): \(problem).")
      return
    }
    guard data.count <= Catalogue.maximumSize else {
      problems.append("\(shown) is larger than \(Catalogue.maximumSize) bytes.")
      return
    }
    var value = Array(data)
    if kind != .template {
      do throws(JSONMistake) {
        value = JSONWriter.bytes(.dict(try JSONParser.parameters(value)))
      } catch {
        problems.append("\(shown): \(error)")
        return
      }
    }
    files.append(File(kind: kind, name: name, value: value, path: shown))
  }

  private mutating func findDoubles() {
    var paths: [String: String] = [:]
    for file in files {
      if let other = paths.updateValue(file.path, forKey: file.kind.key(file.name)) {
        problems.append("\(other) and \(file.path) are the same \(file.kind.rawValue).")
      }
    }
  }

  static func recordName(_ kind: RecordKind, _ fileName: String) -> String {
    let isJSON = kind != .template && fileName.hasSuffix(".json") && fileName != ".json"
    let name = isJSON ? String(fileName.dropLast(5)) : fileName
    return name.removingPercentEncoding ?? name
  }

  /// The opposite of `recordName`.
  static func fileName(_ kind: RecordKind, _ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "/": text += "%2F"
      case "%": text += "%25"
      default: text.unicodeScalars.append(scalar)
      }
    }
    if text.hasPrefix(".") { text = "%2E" + text.dropFirst() }
    if text.hasSuffix("~") { text = text.dropLast() + "%7E" }
    if kind != .template, text.hasSuffix(".json") { text = text.dropLast(5) + "%2Ejson" }
    return text
  }
}
