package dev.flujo.runner.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;

/** XML as a job wrote it, read in one pass: document types and external entities are not processed, nothing lies too deep. */
final class ReportXml {

    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final int DEEPEST = 100;
    private static final XMLInputFactory FACTORY = factory();

    private ReportXml() {}

    /** Reads a document from its beginning to its end. */
    interface Body {
        void read(XMLStreamReader xml) throws XMLStreamException;
    }

    /**
     * Reads a file.
     *
     * @param what the kind of report, for the message
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    static void read(Path file, String what, Body body) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("Expected a report of at most " + MOST_BYTES + " bytes, but " + file.getFileName()
                    + " has " + Files.size(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = new Shallow(FACTORY.createXMLStreamReader(in));
            body.read(xml);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(
                    "Expected " + what + " in " + file.getFileName() + ", but "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no XML"),
                    e);
        }
    }

    /** Ends where elements lie deeper than any report has them. */
    private static final class Shallow extends StreamReaderDelegate {
        private int depth;

        Shallow(XMLStreamReader xml) {
            super(xml);
        }

        @Override
        public int next() throws XMLStreamException {
            int event = super.next();
            if (event == START_ELEMENT && ++depth > DEEPEST) {
                throw new XMLStreamException("its elements lie more than " + DEEPEST + " deep");
            }
            if (event == END_ELEMENT) {
                depth--;
            }
            return event;
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }
}
