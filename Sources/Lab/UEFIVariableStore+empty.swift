/// Lab: a variable store with nothing in it, for firmware that comes without one.

internal import Wire

extension UEFIVariableStore {
  /// The volume that AAVMF would write at its first start; Debian's AAVMF_VARS.fd is nothing but
  /// zeros. Three erase blocks of QEMU's "virt" flash: variables, the working and the spare block of
  /// fault tolerant write (EDK2, ArmVirtPkg.dsc.inc: PcdFlashNvStorage…Size, 0x40000 each).
  static func emptyOfVirt() throws(WireError) -> UEFIVariableStore {
    try UEFIVariableStore(parsing: emptyVolume(blocks: 3, blockLength: 0x40000))
  }

  /// PI 1.7 volume 3 §3.2.1: EFI_FIRMWARE_VOLUME_HEADER with a block map of one line, and then the
  /// header of a store that fills the first block.
  private static func emptyVolume(blocks: UInt32, blockLength: UInt32) -> [UInt8] {
    var header = ByteWriter(capacity: 0x48)
    header.pad(to: 16)
    header.write(volumeGUID.bytes)
    header.writeLE(blocks * blockLength)
    header.writeLE(UInt32(0))
    header.write(Array("_FVH".utf8))
    header.writeLE(UInt32(0x0004_feff))  // as OVMF's own: read, write, memory mapped, erased is 1
    header.writeLE(UInt16(0x48))
    header.writeLE(UInt16(0))  // Checksum, below
    header.writeLE(UInt16(0))  // no extended header
    header.write([0, 2])  // Reserved, Revision
    for field in [blocks, blockLength, 0, 0] { header.writeLE(field) }
    var bytes = header.bytes
    let sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt16(0)) {
      $0 &+ (UInt16(bytes[$1]) | UInt16(bytes[$1 + 1]) << 8)
    }
    let checksum = 0 &- sum
    bytes[0x32] = UInt8(truncatingIfNeeded: checksum)
    bytes[0x33] = UInt8(checksum >> 8)

    var volume = ByteWriter(capacity: Int(blocks * blockLength))
    volume.write(bytes)
    volume.write(authenticatedGUID.bytes)
    volume.writeLE(blockLength - 0x48)
    volume.write([0x5a, 0xfe, 0, 0, 0, 0, 0, 0])
    volume.pad(to: Int(blocks * blockLength), with: 0xff)
    return volume.bytes
  }
}
