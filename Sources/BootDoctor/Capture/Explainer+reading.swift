/// BootDoctor: a whole capture at once.

package import PacketCapture
import Wire

extension Explainer {
  /// Reads to the end. A capture that is damaged somewhere is explained as far as it goes, with a remark;
  /// one that can't be read at all throws.
  package mutating func read(_ reader: inout CaptureReader) throws(CaptureError) {
    var decoder = PacketDecoder()
    while true {
      let frame: CapturedFrame?
      do throws(CaptureError) {
        frame = try reader.next()
      } catch {
        guard reader.frameCount > 0 else { throw error }
        remark("The capture is damaged, this is what stands before: \(error).")
        return
      }
      guard let frame else { break }
      do throws(WireError) {
        if let packet = try decoder.decode(frame) { _ = receive(packet) }
      } catch {
        unreadable += 1
      }
    }
    if reader.isTruncated { remark("The capture ends in the middle of a frame.") }
  }

  private mutating func remark(_ text: String) { remarks.append(text) }
}
