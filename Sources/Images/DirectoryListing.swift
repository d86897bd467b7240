/// Images: what lies in a folder, as a page.

import Foundation
import Wire

/// A folder's entries, folders first, then by name. Names that begin with a dot are hidden.
package struct DirectoryListing: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var name: String
    package var isDirectory: Bool
    /// Bytes; 0 for a folder.
    package var size: Int
  }

  package var entries: [Entry]

  init(of path: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    entries =
      names.filter { !$0.hasPrefix(".") }
      .compactMap { name in
        guard let status = FileStatus(path: "\(path)/\(name)") else { return nil }
        switch status.kind {
        case .regular: return Entry(name: name, isDirectory: false, size: status.size)
        case .directory: return Entry(name: name, isDirectory: true, size: 0)
        case .other: return nil
        }
      }
      .sorted { ($0.isDirectory ? 0 : 1, $0.name) < ($1.isDirectory ? 0 : 1, $1.name) }
  }

  package init(entries: [Entry]) {
    self.entries = entries
  }

  /// An HTML page; `path` is the URL's, decoded, with a slash at its end.
  package func page(at path: String) -> String {
    let title = "Index of " + HTMLText.escaped(path)
    let parent = path == "/images/" ? "" : "<a href=\"../\">../</a>\n"
    let rows = entries.map { entry in
      let slash = entry.isDirectory ? "/" : ""
      let link = URLPath.encoded(entry.name) + slash
      let size = entry.isDirectory ? "-" : String(entry.size)
      return "<a href=\"\(link)\">\(HTMLText.escaped(entry.name))\(slash)</a>  \(size)\n"
    }
    return """
      <!doctype html>
      <html><head><meta charset="utf-8"><title>\(title)</title></head>
      <body><h1>\(title)</h1><hr><pre>
      \(parent)\(rows.joined())</pre><hr></body></html>

      """
  }
}
