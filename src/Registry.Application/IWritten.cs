using System.Buffers;

namespace Registry.Application;

/// <summary>An answer that keeps its JSON: it is answered as it was written before.</summary>
public interface IWritten
{
    void WriteTo(IBufferWriter<byte> output);
}
