package dev.flujo.runner.cache;

import dev.flujo.runner.report.WorkspacePath;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The files of a cache as one file: for each entry its kind, path, permissions, time and content, compressed. Only directories,
 * files and links are kept. Links are kept as links; nothing is ever read or written through one.
 */
final class CacheArchive {

    /** What an archive begins with; another form of it begins with another number. */
    private static final int FORM = 0xF10C0001;

    private static final int MOST_ENTRIES = 1_000_000;
    private static final char DIRECTORY = 'd';
    private static final char FILE = 'f';
    private static final char LINK = 'l';
    private static final char END = 'e';

    private CacheArchive() {}

    /** One entry; what it holds is read where it is wanted. */
    private record Entry(char kind, String path, String permissions, long time, long size) {}

    private interface Visitor {
        void entry(Entry entry, DataInputStream in) throws IOException;
    }

    /**
     * Packs directories or files of these roots, each under its own path; gives the number of files and links. The same files
     * make the same archive.
     *
     * @param roots the directories that the paths are relative to, by path
     * @throws IOException if there are more bytes than so many, or a file changes meanwhile
     */
    static int pack(Path archive, Map<String, Path> roots, long mostBytes) throws IOException {
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out =
                new DataOutputStream(new DeflaterOutputStream(Files.newOutputStream(archive), fast, 64 * 1024))) {
            out.writeInt(FORM);
            Packer packer = new Packer(out, mostBytes);
            for (Map.Entry<String, Path> root : new TreeMap<>(roots).entrySet()) {
                packer.tree(root.getKey(), root.getValue());
            }
            out.writeChar(END);
            return packer.files;
        } finally {
            fast.end();
        }
    }

    /** Reads an archive from its beginning to its end without unpacking anything; fails where it is none, or too large. */
    static void check(Path archive, Set<String> paths, long mostBytes) throws IOException {
        long[] total = {0};
        read(archive, (entry, in) -> {
            total[0] += entry.size();
            if (entry.size() < 0 || total[0] > mostBytes) {
                throw new IOException("it unpacks to more than " + mostBytes + " bytes");
            }
            if (paths.stream()
                            .noneMatch(path ->
                                    entry.path().equals(path) || entry.path().startsWith(path + "/"))
                    || List.of(entry.path().split("/", -1)).stream().anyMatch(CacheArchive::leadsOut)) {
                throw new IOException("it has a file at " + entry.path() + ", which the cache does not keep");
            }
            PosixFilePermissions.fromString(entry.permissions());
            in.skipNBytes(entry.size());
        });
    }

    /** Unpacks an archive that was checked; what is there already stays. Gives the number of files and links. */
    static int unpack(Path archive, Map<String, Path> roots) throws IOException {
        int[] files = {0};
        read(archive, (entry, in) -> {
            Path root = roots.entrySet().stream()
                    .filter(each ->
                            entry.path().equals(each.getKey()) || entry.path().startsWith(each.getKey() + "/"))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            String name = entry.path().startsWith("~/") ? entry.path().substring(2) : entry.path();
            Path path = place(root, name);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                in.skipNBytes(entry.size());
                return;
            }
            Files.createDirectories(path.getParent());
            files[0] += entry.kind() == DIRECTORY ? 0 : 1;
            write(path, entry, in);
        });
        return files[0];
    }

    /** Where an entry belongs; its directory is one, and no link. */
    private static Path place(Path root, String name) throws IOException {
        int slash = name.lastIndexOf('/');
        Path parent = slash < 0 ? root : WorkspacePath.toWrite(root, name.substring(0, slash));
        return parent.resolve(name.substring(slash + 1));
    }

    private static void write(Path path, Entry entry, DataInputStream in) throws IOException {
        if (entry.kind() == DIRECTORY) {
            Files.createDirectories(path);
            return;
        }
        if (entry.kind() == LINK) {
            byte[] target = in.readNBytes((int) entry.size());
            Files.createSymbolicLink(path, Path.of(new String(target, StandardCharsets.UTF_8)));
            return;
        }
        Path fresh = Files.createTempFile(path.getParent(), ".flujo", ".tmp");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            copy(in, out, entry.size());
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(entry.permissions()));
        Files.setLastModifiedTime(fresh, FileTime.fromMillis(entry.time()));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean leadsOut(String part) {
        return part.isEmpty() || part.equals("..") || part.equals(".") || part.indexOf(0) >= 0;
    }

    private static void read(Path archive, Visitor visitor) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(new InflaterInputStream(file), 64 * 1024))) {
            if (in.readInt() != FORM) {
                throw new IOException("it has another form");
            }
            int entries = 0;
            for (char kind = in.readChar(); kind != END; kind = in.readChar()) {
                if ("dfl".indexOf(kind) < 0 || ++entries > MOST_ENTRIES) {
                    throw new IOException("it has entries of another kind, or more than " + MOST_ENTRIES);
                }
                Entry entry = new Entry(kind, in.readUTF(), in.readUTF(), in.readLong(), in.readLong());
                if ((kind == DIRECTORY && entry.size() != 0) || (kind == LINK && entry.size() > 4096)) {
                    throw new IOException("its entry " + entry.path() + " has a size that it cannot have");
                }
                visitor.entry(entry, in);
            }
        } catch (EOFException | IllegalArgumentException e) {
            throw new IOException("it is damaged", e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long left = bytes;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    /** Writes entries, in the order of their paths. */
    private static final class Packer {

        private final DataOutputStream out;
        private final long mostBytes;
        private long bytes;
        private int entries;
        private int files;

        Packer(DataOutputStream out, long mostBytes) {
            this.out = out;
            this.mostBytes = mostBytes;
        }

        /** What a path names below its root, unless a link on the way leads elsewhere. */
        void tree(String path, Path root) throws IOException {
            Path start = WorkspacePath.toWrite(root, path.startsWith("~/") ? path.substring(2) : path);
            if (!Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            TreeMap<String, Path> found = new TreeMap<>();
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    found.put(name(directory), directory);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.put(name(file), file);
                    return FileVisitResult.CONTINUE;
                }

                private String name(Path file) {
                    String below = start.relativize(file).toString();
                    return below.isEmpty() ? path : path + "/" + below;
                }
            });
            for (Map.Entry<String, Path> each : found.entrySet()) {
                add(each.getKey(), each.getValue());
            }
        }

        private void add(String name, Path file) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (++entries > MOST_ENTRIES) {
                throw new IOException("it has more than " + MOST_ENTRIES + " files");
            }
            if (attributes.isDirectory()) {
                head(DIRECTORY, name, file, 0, 0);
            } else if (attributes.isSymbolicLink()) {
                byte[] target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
                head(LINK, name, file, 0, target.length);
                out.write(target);
                files++;
            } else if (attributes.isRegularFile()) {
                head(FILE, name, file, attributes.lastModifiedTime().toMillis(), attributes.size());
                try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                    copy(in, out, attributes.size());
                } catch (EOFException e) {
                    throw new IOException(name + " was changed while it was read", e);
                }
                files++;
            }
        }

        private void head(char kind, String name, Path file, long time, long size) throws IOException {
            bytes += size;
            if (bytes > mostBytes) {
                throw new IOException("it has more than " + mostBytes + " bytes");
            }
            out.writeChar(kind);
            out.writeUTF(name);
            out.writeUTF(permissions(kind, file));
            out.writeLong(time);
            out.writeLong(size);
        }

        /** Owners can always read and write: what is unpacked must be packed, replaced and deleted again. */
        private static String permissions(char kind, Path file) throws IOException {
            Set<PosixFilePermission> permissions =
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            if (kind == FILE) {
                permissions.addAll(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
            }
            return PosixFilePermissions.toString(permissions);
        }
    }
}
