/// Inventory: which hosts have which values under one key, to find them without asking each.

private import Jinja
private import Synchronization

/// The hosts are known by their places in one list.
struct ParameterColumn: Sendable {
  /// Values as a filter names them, each with its number.
  private var numbers: [String: Int] = [:]
  /// All places, value by value, each value's in order.
  private var places: [Int32] = []
  /// Where those of each value begin in `places`, and the end.
  private var starts: [Int] = [0]
  /// Hosts whose values are compared one by one, because their text is long, or long to make.
  private var others: [Int] = []

  init(_ key: String, of hosts: [Host]) {
    var entries: [(number: Int, place: Int32)] = []
    var counts: [Int] = []
    var last: [Int32] = []

    func add(_ text: String, _ place: Int32) {
      let number = numbers[text] ?? counts.count
      if number == counts.count {
        numbers[text] = number
        counts.append(0)
        last.append(-1)
      }
      // A list may have an item twice.
      guard last[number] != place else { return }
      last[number] = place
      counts[number] += 1
      entries.append((number, place))
    }

    func add(_ value: JSONValue, _ place: Int32) {
      switch value {
      case .string(let text): add(text, place)
      case .null, .bool, .int, .double: add(value.plainText, place)
      case .bigInt, .list, .dict: if others.last != Int(place) { others.append(Int(place)) }
      }
    }

    let isSecret = Secrets.isSecret(key)
    for (place, host) in hosts.enumerated() {
      guard let value = host.parameters[key] else { continue }
      let place = Int32(truncatingIfNeeded: place)
      if isSecret {
        add(Secrets.masked(value, of: key), place)
      } else if case .list(let items) = value {
        for item in items { add(item, place) }
      } else {
        add(value, place)
      }
    }

    for count in counts { starts.append((starts.last ?? 0) + count) }
    var next = starts
    places = [Int32](repeating: 0, count: entries.count)
    for entry in entries {
      places[next[entry.number]] = entry.place
      next[entry.number] += 1
    }
  }

  /// In order. `hosts` are those of `init`, and the condition is about its key.
  func places(where condition: HostFilter.Condition, in hosts: [Host]) -> [Int] {
    let known =
      if let number = numbers[condition.value] {
        places[starts[number]..<starts[number + 1]].map(Int.init)
      } else {
        [Int]()
      }
    let compared = others.filter { condition.isMet(by: hosts[$0].parameters) }
    return compared.isEmpty ? known : Set(known + compared).sorted()
  }
}

/// The columns of one list of hosts that somebody has asked for. When it is full it starts anew.
final class ParameterColumns: Sendable {
  private static let capacity = 16

  private let columns = Mutex<[String: ParameterColumn]>([:])

  /// Whoever asks first for a key waits until its column is made, and so does who asks meanwhile:
  /// made twice at once it would take both of them longer.
  func places(where condition: HostFilter.Condition, in hosts: [Host]) -> [Int] {
    let column = columns.withLock { columns in
      if let known = columns[condition.key] { return known }
      if columns.count >= Self.capacity { columns.removeAll() }
      let new = ParameterColumn(condition.key, of: hosts)
      columns[condition.key] = new
      return new
    }
    return column.places(where: condition, in: hosts)
  }
}
