using System.Security.Cryptography;
using System.Text;

namespace Registry.Application;

/// <summary>The one place where ids are made.</summary>
public static class NewIds
{
#pragma warning disable RS0030 // the one place
    /// <summary>Version 7, for public things: it sorts by the legal instant of its making.</summary>
    public static Guid Public(DateTimeOffset at) => Guid.CreateVersion7(at);

    /// <summary>Version 4, for people's things, so that an id never tells when somebody joined.</summary>
    public static Guid Secret() => Guid.NewGuid();
#pragma warning restore RS0030

    /// <summary>The same id for the same name (RFC 9562 version 8 over SHA-256): for streams that exist once per name.</summary>
    public static Guid Named(string name)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest, bigEndian: true);
    }
}
