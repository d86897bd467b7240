/// BootDoctor: an explanation as one HTML file that can be attached to a ticket.

import Wire

extension Explanation {
  /// Without scripts, fonts and pictures from elsewhere. Whatever came out of packets is escaped.
  package var html: String {
    var page = Self.head(title: title)
    page += "<h1>\(HTMLText.escaped(title))</h1>\n"
    page +=
      "<p class=\"meta\">\(network.packets) packets, \(ClockText.dateAndTime(network.begin)) to "
      + "\(ClockText.time(network.end)) UTC, \(network.clients.count) machines</p>\n"
    for remark in remarks { page += "<p class=\"meta\">\(HTMLText.escaped(remark))</p>\n" }
    for (client, verdicts) in zip(network.clients, verdicts) {
      page += "<section>\n<h2>\(HTMLText.escaped(client.heading))</h2>\n"
      for (index, boot) in client.boots.enumerated() {
        let number = client.omittedBoots + index + 1
        page +=
          "<h3>Boot \(number), \(ClockText.dateAndTime(boot.begin.time)) UTC</h3>\n"
        page += Self.findings(verdicts[index], boot)
        page += BootTimeline(boot).svg
        page += Self.table(boot)
      }
      page += "</section>\n"
    }
    return page + "</body>\n</html>\n"
  }

  private static func head(title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    body { font: 15px/1.45 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #1b1f24; }
    h2 { font-size: 1.15em; border-top: 1px solid #d0d4da; padding-top: 1em; }
    h3 { font-size: 1em; margin-bottom: .4em; }
    .meta { color: #59636e; margin: .2em 0; }
    .verdict { border-left: 5px solid #8c959f; background: #f5f6f8; padding: .6em 1em; margin: .6em 0; }
    .failure { border-color: #c4302b; background: #fdf1f0; }
    .warning { border-color: #bf8700; background: #fdf8ea; }
    .good { border-color: #2d7d46; background: #f0f8f2; }
    .verdict p { margin: .25em 0; }
    .verdict code { font-weight: 600; }
    table { border-collapse: collapse; width: 100%; font-size: .9em; margin: .6em 0 2em; }
    td, th { text-align: left; padding: .15em .6em; vertical-align: top; border-bottom: 1px solid #eceef1; overflow-wrap: anywhere; }
    td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    tr.trouble td { color: #a32622; }
    svg { display: block; width: 100%; height: auto; margin: .6em 0; }
    </style>
    </head>
    <body>

    """
  }

  private static func findings(_ verdicts: [Verdict], _ boot: BootRecord) -> String {
    guard !verdicts.isEmpty else {
      let text = boot.hasBooted ? "It booted" : "No failure seen"
      return "<div class=\"verdict good\"><p>\(text) as far as this shows.</p></div>\n"
    }
    return verdicts.map { verdict in
      var block = "<div class=\"verdict \(verdict.severity.rawValue)\">\n"
      block += "<p><code>\(verdict.code.rawValue)</code></p>\n"
      block += "<p><strong>\(HTMLText.escaped(verdict.cause))</strong></p>\n"
      block += "<p>Do: \(HTMLText.escaped(verdict.remedy))</p>\n"
      if !verdict.evidence.isEmpty {
        let numbers = verdict.evidence.map(String.init).joined(separator: ", ")
        block += "<p class=\"meta\">Packets \(numbers)</p>\n"
      }
      if !verdict.screen.isEmpty {
        let codes = HTMLText.escaped(verdict.screen.joined(separator: ", "))
        block += "<p class=\"meta\">On the screen: \(codes)</p>\n"
      }
      return block + "</div>\n"
    }.joined()
  }

  private static func table(_ boot: BootRecord) -> String {
    var table =
      "<table>\n<tr><th>Time</th><th>Packet</th><th>What</th></tr>\n"
    for line in boot.lines {
      table +=
        "<tr\(line.isTrouble ? " class=\"trouble\"" : "")><td class=\"n\">"
        + "\(ClockText.offset(line.moment.time, since: boot.begin.time))</td>"
        + "<td class=\"n\">\(line.moment.packet)</td><td>\(HTMLText.escaped(line.text))</td></tr>\n"
    }
    return table + "</table>\n"
  }
}
