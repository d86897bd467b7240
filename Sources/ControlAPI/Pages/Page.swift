/// ControlAPI: the frame of every page, and its tables.

import Wire

/// A page: plain HTML that works in any browser and in `curl`.
struct Page {
  var title: String
  /// HTML.
  var body: String

  var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(HTMLText.escaped(title)) · Fino</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
    table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .75rem .25rem 0 }
    th { border-bottom: 1px solid #999 } code, pre, input { font-family: ui-monospace, monospace }
    label { display: block; margin: .5rem 0 } input { width: 100%; max-width: 30rem } pre { overflow-x: auto }
    </style></head><body>
    <p><a href="/">Fino</a> · <a href="/reimage">reimage</a> · <a href="/images/">images</a> · <a href="/log">log</a></p>
    <h1>\(HTMLText.escaped(title))</h1>
    \(body)
    </body></html>

    """
  }
}

enum HTML {
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(HTMLText.escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return "<table>\n"
      + ([row(head, "th")] + rows.map { row($0, "td") }).joined(separator: "\n") + "\n</table>"
  }
}
