/// Power: what a Redfish service says of a request that it did not carry out.

extension WebAnswer {
  var isSuccess: Bool { (200..<300).contains(status) }

  var json: RedfishValue? { RedfishValue(parsing: body) }

  /// Of the header, or of the body where a BMC has it only there.
  func etag(_ json: RedfishValue?) -> String? {
    guard let tag = field("etag") ?? json?["@odata.etag"]?.text, tag.utf8.count <= 256,
      tag.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
    else { return nil }
    return tag
  }

  /// The messages of the error (DSP0266 §8.6), in one line; empty when there are none.
  var messages: String {
    let error = json?["error"]
    let info = error?["@Message.ExtendedInfo"]
    let entries = info.map { $0.list.isEmpty ? [$0] : $0.list } ?? []
    var texts: [String] = []
    for entry in entries.prefix(8) {
      // Some put the text where the object should be.
      let text = entry["Message"]?.text ?? entry.text ?? entry["MessageId"]?.text
      guard let text = text?.oneLine(limit: 300), !text.isEmpty, !texts.contains(text) else {
        continue
      }
      texts.append(text)
    }
    if texts.isEmpty, let text = error?["message"]?.text { texts = [text.oneLine(limit: 300)] }
    return texts.prefix(3).joined(separator: " ")
  }

  /// The names of the messages: `Base.1.8.SessionLimitExceeded`.
  var messageIDs: [String] {
    (json?["error"]?["@Message.ExtendedInfo"]?.list ?? []).compactMap { $0["MessageId"]?.text }
  }

  /// The error for an answer that is no success.
  func refusal(of what: String) -> DriverError {
    if status == 401 {
      return DriverError(.login, "the user name or the password is wrong")
    }
    if status == 403 {
      return DriverError(
        .refused, "the user may not \(what)" + (messages.isEmpty ? "" : ": \(messages)"))
    }
    if (300..<400).contains(status) {
      return DriverError(
        .refused,
        "it answers “\(what)” with a redirection (status \(status)), which is not followed")
    }
    let why = messages.isEmpty ? "status \(status)" : "\(messages) (status \(status))"
    return DriverError(.refused, "it refused “\(what)”: \(why)")
  }
}

extension String {
  /// Without control characters, and no longer than `limit` characters.
  func oneLine(limit: Int) -> String {
    let clean = String(
      unicodeScalars.map {
        $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) ? " " : Character($0)
      })
    let text = clean.split(separator: " ").joined(separator: " ")
    return text.count > limit ? text.prefix(limit) + "…" : text
  }
}
