/// Power: the same work for many, with a bound on how many at a time.

package enum FanOut {
  /// `tell` gets each result as it comes, in no order.
  package static func run<Item: Sendable, Value: Sendable>(
    _ items: [Item], fanout: Int, work: @escaping @Sendable (Item) async -> Value,
    tell: (Item, Value) -> Void
  ) async {
    await withTaskGroup(of: (Item, Value).self) { group in
      func start(_ item: Item) {
        group.addTask { (item, await work(item)) }
      }
      var rest = items[...]
      for _ in 0..<max(1, fanout) { if let item = rest.popFirst() { start(item) } }
      while let (item, value) = await group.next() {
        tell(item, value)
        if let item = rest.popFirst() { start(item) }
      }
    }
  }
}
