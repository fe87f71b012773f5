package dev.flujo.kit.blob;

/** Bytes in the blob store: their SHA-256 in lower-case hexadecimal, which is their name, and how many they are. */
public record Blob(String sha256, long bytes) {}
