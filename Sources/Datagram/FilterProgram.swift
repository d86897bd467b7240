/// Datagram: programs of the kernel's packet filter, put together from tests.

/// One instruction of classic BPF (linux/filter.h).
package struct FilterInstruction: Equatable, Sendable {
  package var code: UInt16
  package var ifTrue: UInt8 = 0
  package var ifFalse: UInt8 = 0
  package var operand: UInt32 = 0
}

/// A load behind the frame's end refuses it, so what can be short is looked at last.
package struct FilterProgram: Equatable, Sendable {
  package private(set) var code: [FilterInstruction] = []
  private let snapLength: UInt32

  init(snapLength: UInt32) {
    self.snapLength = snapLength
  }

  /// BPF_LD with BPF_W, BPF_H, BPF_B.
  enum Size: UInt16 {
    case word = 0
    case half = 0x08
    case byte = 0x10
  }

  private enum Code {
    static let absolute: UInt16 = 0x20
    static let indirect: UInt16 = 0x40
    /// BPF_LDX with BPF_IMM.
    static let indexConstant: UInt16 = 0x01
    /// BPF_MISC: between the index and the accumulator.
    static let indexFromAccumulator: UInt16 = 0x07
    static let accumulatorFromIndex: UInt16 = 0x87
    /// BPF_ST, and BPF_LD with BPF_MEM: one of sixteen places for words.
    static let keep: UInt16 = 0x02
    static let recall: UInt16 = 0x60
    /// BPF_ALU with BPF_ADD, BPF_AND, BPF_LSH and a constant, and BPF_ADD with the index.
    static let addConstant: UInt16 = 0x04
    static let and: UInt16 = 0x54
    static let shiftLeft: UInt16 = 0x64
    static let addIndex: UInt16 = 0x0c
    static let jump: UInt16 = 0x05
    static let jumpIfEqual: UInt16 = 0x15
    static let jumpIfAtLeast: UInt16 = 0x35
    static let jumpIfAnyBit: UInt16 = 0x45
    static let answer: UInt16 = 0x06
  }

  /// The accumulator is what stands at `offset` of the frame.
  mutating func load(_ size: Size, at offset: Int) {
    add(Code.absolute | size.rawValue, UInt32(clamping: offset))
  }

  /// The same, counted from the index.
  mutating func load(_ size: Size, indexed offset: Int) {
    add(Code.indirect | size.rawValue, UInt32(clamping: offset))
  }

  mutating func index(_ value: Int) {
    add(Code.indexConstant, UInt32(clamping: value))
  }

  /// The index goes on by so many bytes. The accumulator is lost.
  mutating func advance(_ value: Int) {
    add(Code.accumulatorFromIndex, 0)
    add(Code.addConstant, UInt32(clamping: value))
    add(Code.indexFromAccumulator, 0)
  }

  /// The index goes on by the length of the IPv4 header that begins `offset` behind it: four times the
  /// low half of its first byte. The accumulator is lost.
  mutating func advanceByHeaderLength(indexed offset: Int) {
    load(.byte, indexed: offset)
    add(Code.and, 15)
    add(Code.shiftLeft, 2)
    add(Code.addIndex, 0)
    add(Code.indexFromAccumulator, 0)
  }

  /// A place for the accumulator.
  enum Place: UInt32 {
    case first = 0
    case second = 1
  }

  mutating func keep(in place: Place) { add(Code.keep, place.rawValue) }
  mutating func recall(_ place: Place) { add(Code.recall, place.rawValue) }

  mutating func accept() { add(Code.answer, snapLength) }
  mutating func refuse() { add(Code.answer, 0) }

  mutating func accept(ifEqual value: UInt32) {
    add(Code.jumpIfEqual, value, ifFalse: 1)
    accept()
  }

  mutating func accept(ifAnyOf values: [UInt16]) {
    for value in values { accept(ifEqual: UInt32(value)) }
  }

  mutating func refuse(ifBelow value: UInt32) {
    add(Code.jumpIfAtLeast, value, ifTrue: 1)
    refuse()
  }

  /// Runs `body` when the accumulator is `value`.
  mutating func when(equal value: UInt32, _ body: (inout FilterProgram) -> Void) {
    add(Code.jumpIfEqual, value, ifTrue: 1)
    skip(body)
  }

  mutating func when(anyBitOf mask: UInt32, _ body: (inout FilterProgram) -> Void) {
    add(Code.jumpIfAnyBit, mask, ifTrue: 1)
    skip(body)
  }

  /// Conditional jumps reach 255 instructions, this one any number.
  private mutating func skip(_ body: (inout FilterProgram) -> Void) {
    let place = code.count
    add(Code.jump, 0)
    body(&self)
    code[place].operand = UInt32(clamping: code.count - place - 1)
  }

  private mutating func add(
    _ code: UInt16, _ operand: UInt32, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0
  ) {
    self.code.append(
      FilterInstruction(code: code, ifTrue: ifTrue, ifFalse: ifFalse, operand: operand))
  }
}
