package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit has in the place of a large file: the digest and the size of its content (specification of Git LFS, version 1).
 *
 * @param sha256 in hexadecimal digits
 */
record LfsPointer(String sha256, long bytes) {

    private static final int LONGEST = 1024;
    private static final Pattern TEXT = Pattern.compile(
            "version https://git-lfs\\.github\\.com/spec/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n");

    /** That which lies there, if the file is one. */
    static Optional<LfsPointer> in(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LONGEST) {
            return Optional.empty();
        }
        Matcher text = TEXT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        return text.matches()
                ? Optional.of(new LfsPointer(text.group(1), Long.parseLong(text.group(2))))
                : Optional.empty();
    }
}
