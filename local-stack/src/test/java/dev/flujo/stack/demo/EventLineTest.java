package dev.flujo.stack.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.stack.demo.EventLine.Mood;
import org.junit.jupiter.api.Test;

class EventLineTest {

    private static final String ATTEMPT = "'attempt':{'run':'r','job':'build','number':1}";

    @Test
    void saysWhatAStepIsCalled() throws JsonProcessingException {
        EventLine line = EventLine.of(own("step.started", ATTEMPT + ",'step':0,'name':'Compile'"));

        assertEquals(new EventLine("build: step 'Compile' started", Mood.PLAIN), line);
    }

    @Test
    void namesTheFailedTestsOfAJob() throws JsonProcessingException {
        RunEvent event = standard(
                "taskrun.finished",
                ATTEMPT + ",'outcome':'FAILED','reason':'step Compile ended with exit code 1',"
                        + "'tests':{'passed':7,'failed':1,'skipped':0,'failedNames':['shop.PriceTest.adds']}");

        assertEquals(
                new EventLine(
                        "build: FAILED, step Compile ended with exit code 1; tests: 7 passed, 1 failed:"
                                + " shop.PriceTest.adds",
                        Mood.BAD),
                EventLine.of(event));
    }

    @Test
    void saysWhatServesWhere() throws JsonProcessingException {
        RunEvent event = standard(
                "service.upgraded",
                ATTEMPT + ",'environment':'production','revision':{'branch':'main','commit':'8fe4a1c2d3b4a59687'},"
                        + "'address':'http://localhost:8090'");

        assertEquals(
                new EventLine("build: production serves 8fe4a1c2d3 at http://localhost:8090", Mood.GOOD),
                EventLine.of(event));
    }

    @Test
    void showsAnEventThatItDoesNotKnowByItsType() throws JsonProcessingException {
        assertEquals(new EventLine("build: job dreamt", Mood.PLAIN), EventLine.of(own("job.dreamt", ATTEMPT)));
    }

    @Test
    void aRunEndsWithItsOutcome() throws JsonProcessingException {
        RunEvent event = standard("pipelinerun.finished", "'run':'r','outcome':'SUCCEEDED'");

        assertTrue(event.last());
        assertEquals(new EventLine("run SUCCEEDED", Mood.GOOD), EventLine.of(event));
    }

    private static RunEvent own(String type, String content) throws JsonProcessingException {
        return event("dev.cdeventsx.flujo-" + type + ".0.1.0", "'subject':{'id':'s','content':{" + content + "}}");
    }

    private static RunEvent standard(String type, String custom) throws JsonProcessingException {
        return event(
                "dev.cdevents." + type + ".0.3.0",
                "'subject':{'id':'s','content':{'uri':'u'}},'customData':{" + custom + "}");
    }

    private static RunEvent event(String type, String rest) throws JsonProcessingException {
        String json = "{'context':{'type':'" + type + "','timestamp':'2026-11-23T14:27:05.315Z'}," + rest + "}";
        return RunEvent.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    }
}
