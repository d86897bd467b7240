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
    /// BPF_LDX with BPF_B and BPF_MSH: four times the low half of a byte.
    static let headerLength: UInt16 = 0xb1
    /// BPF_LDX with BPF_IMM.
    static let indexConstant: UInt16 = 0x01
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

  /// The index is the length of the IPv4 header at `offset`.
  mutating func indexHeaderLength(at offset: Int) {
    add(Code.headerLength, UInt32(clamping: offset))
  }

  mutating func index(_ value: Int) {
    add(Code.indexConstant, UInt32(clamping: value))
  }

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
