using System.Security.Cryptography;

namespace Registry.Application.Evidence;

/// <summary>The Merkle tree hash of RFC 9162 section 2.1.1 over entries in order.</summary>
public static class MerkleTree
{
    public static byte[] Root(IEnumerable<byte[]> entries) => Hash([.. entries.Select(entry => SHA256.HashData([0x00, .. entry]))]);

    private static byte[] Hash(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var left = 1;
        while (left * 2 < leaves.Length) left *= 2; // the largest power of two smaller than their number
        return SHA256.HashData([0x01, .. Hash(leaves[..left]), .. Hash(leaves[left..])]);
    }
}
